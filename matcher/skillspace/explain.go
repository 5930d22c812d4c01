package skillspace

// Reasons say why two skills are alike by statistics.
type Reasons struct {
	Together int     // baskets that hold both; may be 0, since it is their company that is compared
	Company  []int32 // third skills that both are found with more often than by chance, best first
	Terms    []int32 // terms of both texts, what adds most to the likeness first
}

// Reasons says what the similarity of two skills of the space rests on, the same both
// ways: at most so many third skills, by the smaller of their two entries in the matrix,
// and terms. Of equal ones the smaller number comes first.
func (s *Space) Reasons(need, held int32, most int) Reasons {
	return Reasons{
		Together: s.contexts.together(need, held),
		Company:  s.contexts.company(need, held, most),
		Terms:    s.texts.shared(need, held, most),
	}
}

// company lists the third skills that both rows of the matrix hold.
func (x *contexts) company(i, j int32, most int) []int32 {
	a, av := x.ppmi.row(int(i))
	b, bv := x.ppmi.row(int(j))
	top := best{most: most}
	for p, q := 0, 0; p < len(a) && q < len(b); {
		switch {
		case a[p] < b[q]:
			p++
		case a[p] > b[q]:
			q++
		default:
			top.offer(a[p], float64(min(av[p], bv[q])))
			p, q = p+1, q+1
		}
	}
	return top.ids
}

// best keeps the few best of the numbers that it is offered in ascending order, best
// first.
type best struct {
	most   int
	ids    []int32
	values []float64
}

func (b *best) offer(id int32, value float64) {
	at := len(b.ids)
	for at > 0 && value > b.values[at-1] {
		at--
	}
	if at == b.most {
		return
	}
	if len(b.ids) < b.most {
		b.ids, b.values = append(b.ids, 0), append(b.values, 0)
	}
	copy(b.ids[at+1:], b.ids[at:])
	copy(b.values[at+1:], b.values[at:])
	b.ids[at], b.values[at] = id, value
}
