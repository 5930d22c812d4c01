package talent

// Education is a level of ISCED 2011 in words; "" is none.
type Education string

// The education levels.
const (
	Secondary     Education = "secondary"     // ISCED 3: 中职, 高中
	Postsecondary Education = "postsecondary" // ISCED 4
	Associate     Education = "associate"     // ISCED 5: 高职专科
	Bachelor      Education = "bachelor"      // ISCED 6
	Master        Education = "master"        // ISCED 7
	Doctorate     Education = "doctorate"     // ISCED 8
)

// Educations lists the levels from low to high.
var Educations = []Education{Secondary, Postsecondary, Associate, Bachelor, Master, Doctorate}

// ISCED is the level's number, 3..8; 0 for none or an unknown word.
func (e Education) ISCED() int {
	for i, v := range Educations {
		if v == e {
			return i + 3
		}
	}
	return 0
}
