package talent

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"
)

// FuzzDecode: whatever comes in, Decode does not panic; what it refuses it names
// in a bounded, printable error; what it accepts is one JSON value, and is written
// and read again to the same bytes. Longer: go test ./talent -run - -fuzz Decode
func FuzzDecode(f *testing.F) {
	for i, typ := range Types {
		f.Add([]byte(full[typ]), uint8(0))
		f.Add([]byte(`{"type":"`+string(typ)+`"}`), uint8(i+1))
	}
	for _, s := range []string{
		``, `{`, `{}`, `{} {}`, `{"id":1e400}`, "{\"id\":\"\xff\"}", demandHead + `,"salary":{}}`, demandHead + `,"headcount":3.0}`,
		skillHead + `,"aliases":["\ud800"," "]}`, seriesHead + `,"values":[-0,1e-400,1e308],"keys":{}}`, demandHead + `,"skills":[{},null,5]}`,
		skillHead + `,}`, skillHead + `,"note":"\u001b"}`, `[[[[`, `{"a":[[[[`,
	} {
		f.Add([]byte(s), uint8(0))
	}
	f.Fuzz(func(t *testing.T, in []byte, n uint8) {
		want := append([]Type{""}, Types...)[int(n)%(len(Types)+1)]
		rec, err := Decode(in, want)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		if !json.Valid(in) {
			t.Fatalf("accepted, but is not JSON: %q", in)
		}
		if err := Validate(rec); err != nil {
			t.Fatalf("accepted, but invalid: %v", err)
		}
		written, err := Encode(rec)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.ContainsAny(written, "\r\n") {
			t.Fatalf("not one line: %q", written)
		}
		decoded, err := Decode(written, want)
		if err != nil {
			t.Fatalf("refused what it wrote: %v\n%s", err, written)
		}
		parsed, err := Parse(rec.RecordType(), written)
		if err != nil {
			t.Fatal(err)
		}
		for _, back := range []Record{decoded, parsed} {
			if again, err := Encode(back); err != nil || !bytes.Equal(again, written) {
				t.Fatalf("%v\n got %s\nwant %s", err, again, written)
			}
		}
	})
}

func checkRefusal(t *testing.T, err error) {
	t.Helper()
	var inv *InvalidError
	if !errors.Is(err, ErrInvalid) || !errors.As(err, &inv) {
		t.Fatalf("%T: %v", err, err)
	}
	if n := len(inv.Fields); n == 0 || n > maxFieldErrors+1 {
		t.Fatalf("%d problems named", n)
	}
	for _, e := range inv.Fields {
		if e.Message == "" || utf8.RuneCountInString(e.Value) > 61 || utf8.RuneCountInString(e.Path) > 400 {
			t.Fatalf("%+v", e)
		}
	}
	for _, c := range err.Error() {
		if c < ' ' || c == utf8.RuneError && !utf8.ValidString(err.Error()) {
			t.Fatalf("not printable: %q", err.Error())
		}
	}
}
