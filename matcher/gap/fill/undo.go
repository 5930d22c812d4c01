package fill

// A change is what one step did, so that rollback can take it back.
type change struct {
	old  int64
	at   int32
	kind changeKind
}

type changeKind uint8

const (
	oldAmount changeKind = iota // of share at
	oldFree                     // of giver at
	oldTaker                    // bound of taker at
	oldGiver                    // bound of giver at
	newShare
)

// spareLog is how many changes are kept beyond the size of a flow. Answers do not depend on it;
// tests change it.
var spareLog = 1 << 20

// note keeps a change, unless there are so many that a new flow is made sooner.
func (f *flow) note(kind changeKind, at int32, old int64) {
	if !f.logging {
		return
	}
	if len(f.log) >= spareLog+len(f.near)+len(f.free)+len(f.shares) {
		f.logging, f.log = false, f.log[:0]
		return
	}
	f.log = append(f.log, change{old: old, at: at, kind: kind})
}

// mark is where rollback goes back to.
func (f *flow) mark() {
	f.logging, f.log = true, f.log[:0]
	f.epoch++
}

// rollback takes back everything since mark, the latest first. It cannot after too many
// changes: then the flow is of no use any more.
func (f *flow) rollback() bool {
	if !f.logging {
		return false
	}
	for i := len(f.log) - 1; i >= 0; i-- {
		switch c := f.log[i]; c.kind {
		case oldAmount:
			f.shares[c.at].amount = c.old
		case oldFree:
			f.free[c.at] = c.old
		case oldTaker:
			f.takerAt[c.at] = int32(c.old)
		case oldGiver:
			f.giverAt[c.at] = int32(c.old)
		case newShare:
			f.dropShare(c.at)
		}
	}
	f.mark()
	return true
}
