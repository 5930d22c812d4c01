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

func (f *flow) note(kind changeKind, at int32, old int64) {
	if f.logging {
		f.log = append(f.log, change{old: old, at: at, kind: kind})
	}
}

// mark is where rollback goes back to.
func (f *flow) mark() {
	f.logging, f.log = true, f.log[:0]
	f.epoch++
}

// rollback takes back everything since mark, the latest first.
func (f *flow) rollback() {
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
}
