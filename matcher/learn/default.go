package learn

// DefaultCalibration is used where nothing was learned.
func DefaultCalibration() Calibration {
	return Calibration{
		Fits: Logit{Bias: 2.8, Terms: []Term{{TermExplained, 1.5, 4, 0.6}, {TermCompany, 1.2, 0.2, 0.06}}},
		Item: Logit{Bias: -2.7, Terms: []Term{{TermRank, -0.92, 2.1, 0.8}, {TermBehind, 0.26, 0.9, 0.5}}},
	}
}
