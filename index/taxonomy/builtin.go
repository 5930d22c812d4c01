package taxonomy

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"path"
	"sync"

	"talentmatch/talent"
)

// builtinFiles are the pack's NDJSON files. Reading an embedded file cannot fail
// at run time: a missing one does not compile.
//
//go:embed builtin/*.ndjson
var builtinFiles embed.FS

type packFile struct {
	name string
	data []byte
}

// readBuiltin lists the embedded files by name.
var readBuiltin = sync.OnceValue(func() []packFile {
	const dir = "builtin"
	entries, err := builtinFiles.ReadDir(dir)
	if err != nil {
		panic(err) // the folder is compiled in
	}
	out := make([]packFile, 0, len(entries))
	for _, e := range entries {
		data, err := builtinFiles.ReadFile(path.Join(dir, e.Name()))
		if err != nil {
			panic(err)
		}
		out = append(out, packFile{e.Name(), data})
	}
	return out
})

// Builtin decodes the embedded pack: every skill, then every occupation, each in
// the order of file names and lines. The records are the caller's own. An error
// names file and line; it means that the pack itself is broken.
func Builtin() ([]talent.Record, error) {
	return decodePack(readBuiltin())
}

func decodePack(files []packFile) ([]talent.Record, error) {
	var skills, occupations []talent.Record
	for _, f := range files {
		line := 0
		for raw := range bytes.Lines(f.data) {
			line++
			if raw = bytes.TrimSpace(raw); len(raw) == 0 {
				continue
			}
			rec, err := talent.Decode(raw, "")
			if err != nil {
				return nil, fmt.Errorf("builtin taxonomy: %s line %d: %w", f.name, line, err)
			}
			switch rec.(type) {
			case *talent.Skill:
				skills = append(skills, rec)
			case *talent.Occupation:
				occupations = append(occupations, rec)
			default:
				return nil, fmt.Errorf("builtin taxonomy: %s line %d: %w", f.name, line,
					talent.Invalid("type", string(rec.RecordType()), "must be skill or occupation here"))
			}
		}
	}
	return append(skills, occupations...), nil
}

// BuiltinVersion names the embedded pack's content: "builtin-" and 12 hex digits
// of a SHA-256 over the files' names, lengths and bytes.
var BuiltinVersion = sync.OnceValue(func() string {
	return packVersion(readBuiltin())
})

func packVersion(files []packFile) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%s\x00%d\x00", f.name, len(f.data))
		h.Write(f.data)
	}
	return "builtin-" + hex.EncodeToString(h.Sum(nil))[:12]
}
