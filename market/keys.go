package market

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sort"
	"time"
	"unicode/utf8"

	"talentmatch/store"
	"talentmatch/talent"
)

// keyIDLength is how much of a key's hash names it.
const keyIDLength = 12

// AddKey makes an API key. The secret is returned once and stored only as a SHA-256
// hash: it has 256 random bits, so that a slow hash would add nothing.
func (m *Market) AddKey(ctx context.Context, label string) (secret string, k Key, err error) {
	if n := utf8.RuneCountInString(label); n > 100 || !utf8.ValidString(label) {
		return "", Key{}, talent.Invalid("label", label, "must be at most 100 characters")
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", Key{}, fmt.Errorf("random key: %w", err)
	}
	secret = "tm_" + base64.RawURLEncoding.EncodeToString(raw)
	hash := hashKey(secret)
	k = Key{ID: hash[:keyIDLength], Label: label, Created: time.Now().UTC().Format(time.RFC3339)}
	body, err := json.Marshal(storedKey{k, hash})
	if err != nil {
		return "", Key{}, err
	}
	return secret, k, m.setMeta(ctx, metaKeyPrefix+k.ID, string(body))
}

type storedKey struct {
	Key
	Hash string `json:"hash"`
}

func hashKey(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func (m *Market) setMeta(ctx context.Context, key, value string) error {
	m.write.Lock()
	defer m.write.Unlock()
	return m.store.Update(ctx, func(tx store.Tx) error { return tx.SetMeta(key, value) })
}

// Keys lists the API keys by id, without their secrets.
func (m *Market) Keys(ctx context.Context) ([]Key, error) {
	stored, err := m.storedKeys(ctx)
	out := make([]Key, len(stored))
	for i := range stored {
		out[i] = stored[i].Key
	}
	return out, err
}

func (m *Market) storedKeys(ctx context.Context) ([]storedKey, error) {
	rows, err := m.store.MetaPrefix(ctx, metaKeyPrefix)
	if err != nil {
		return nil, err
	}
	out := []storedKey{}
	for name, body := range rows {
		var k storedKey
		if err := json.Unmarshal([]byte(body), &k); err != nil {
			return nil, fmt.Errorf("stored %s: %w", name, err)
		}
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out, nil
}

// HasKeys reports whether any API key exists.
func (m *Market) HasKeys(ctx context.Context) (bool, error) {
	rows, err := m.store.MetaPrefix(ctx, metaKeyPrefix)
	return len(rows) > 0, err
}

// RemoveKey takes a key back; talent.ErrNotFound if there is none of that id.
func (m *Market) RemoveKey(ctx context.Context, id string) error {
	have, err := m.store.Meta(ctx, metaKeyPrefix+id)
	if err != nil {
		return err
	}
	if have == "" {
		return fmt.Errorf("key %s: %w", talent.Shorten(id), talent.ErrNotFound)
	}
	return m.setMeta(ctx, metaKeyPrefix+id, "")
}

// CheckKey reports whether a secret is one of the keys, in constant time per key.
func (m *Market) CheckKey(ctx context.Context, secret string) (Key, bool, error) {
	stored, err := m.storedKeys(ctx)
	if err != nil {
		return Key{}, false, err
	}
	hash := []byte(hashKey(secret))
	var found Key
	ok := false
	for _, k := range stored {
		if subtle.ConstantTimeCompare(hash, []byte(k.Hash)) == 1 {
			found, ok = k.Key, true
		}
	}
	return found, ok, nil
}
