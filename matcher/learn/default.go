package learn

// DefaultCalibration is used where nothing was learned.
//
// Its numbers were fitted to the first 20 matches, by default weights, of the 600
// programmes of cip-soc dev and of the 82 that lead to no occupation. There the
// probability of the first match tells the two apart with an AUROC of .88 (held out by
// 4-digit group, .88 as well), the number of words alone with .80. Explained grows with
// the length of a text, as far as a match shares it; company does not. It counts as much:
// programmes that stand alone, such as those for leisure or for admission to others, lead
// to work less often than those of a large family. About three occupations suit a
// programme there; where more do, the probabilities are too low.
func DefaultCalibration() Calibration {
	return Calibration{
		Fits: Logit{Bias: 2.8, Terms: []Term{
			{Name: TermExplained, Weight: 1.43, Mean: 3.31, Scale: 0.675},
			{Name: TermCompany, Weight: 1.32, Mean: 0.169, Scale: 0.111},
		}},
		Item: Logit{Bias: -2.62, Terms: []Term{
			{Name: TermRank, Weight: -0.98, Mean: 2.12, Scale: 0.79},
			{Name: TermBehind, Weight: -0.27, Mean: 3.88, Scale: 1.86},
		}},
	}
}
