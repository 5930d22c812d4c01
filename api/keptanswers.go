package api

import (
	"fmt"
	"strconv"
	"sync"

	"talentmatch/talent"
)

// keptAnswers are what jobs have made, the newest so many, until the server stops.
type keptAnswers[A any] struct {
	what string // they are, in messages
	most int

	mu   sync.Mutex
	ids  []string // oldest first
	byID map[string]A
	next int
}

func newKeptAnswers[A any](what string, most int) *keptAnswers[A] {
	return &keptAnswers[A]{what: what, most: most, byID: map[string]A{}}
}

// add keeps an answer and forgets the oldest of too many.
func (k *keptAnswers[A]) add(a A) (id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.next++
	id = strconv.Itoa(k.next)
	k.byID[id] = a
	if k.ids = append(k.ids, id); len(k.ids) > k.most {
		delete(k.byID, k.ids[0])
		k.ids = k.ids[1:]
	}
	return id
}

// get is the answer of an id; talent.ErrNotFound.
func (k *keptAnswers[A]) get(id string) (A, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	a, ok := k.byID[id]
	if !ok {
		return a, fmt.Errorf("%s %s: %w", k.what, talent.Shorten(id), talent.ErrNotFound)
	}
	return a, nil
}
