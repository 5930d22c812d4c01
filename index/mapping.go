package index

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"

	"talentmatch/talent"
)

// analysisVersion is raised whenever analysis.go gives other terms for the same
// text, so that an index of the old terms is built anew.
const analysisVersion = 1

// The fields of the index.
const (
	fieldTitle        = "title"
	fieldNames        = "names"
	fieldText         = "text"
	fieldType         = "type"
	fieldSkills       = "skills"
	fieldMissing      = "missing"    // unresolved names as written
	fieldUnresolved   = "unresolved" // "true" or "false"
	fieldOccupation   = "occupation"
	fieldOrganization = "organization"
	fieldRegions      = "regions"
	fieldProvince     = "province"
	fieldEducation    = "education"
	fieldIndustry     = "industry"
	fieldKind         = "kind"
	fieldYears        = "years"
	fieldStatus       = "status"
	fieldHash         = "hash"
)

// fieldsByType says which fields the records of a type have, beside type, title,
// names, text and hash. What a Doc carries beyond them is not indexed.
var fieldsByType = map[talent.Type][]string{
	talent.TypeDemand: {fieldSkills, fieldMissing, fieldUnresolved, fieldOccupation, fieldOrganization, fieldRegions,
		fieldProvince, fieldEducation, fieldIndustry, fieldKind, fieldYears, fieldStatus},
	talent.TypeProgram: {fieldSkills, fieldMissing, fieldUnresolved, fieldOccupation, fieldOrganization, fieldRegions,
		fieldProvince, fieldEducation, fieldIndustry, fieldKind, fieldYears, fieldStatus},
	talent.TypeOrganization: {fieldRegions, fieldProvince, fieldIndustry, fieldKind},
	talent.TypeAlliance:     {fieldOrganization, fieldRegions, fieldProvince, fieldIndustry, fieldKind, fieldYears},
	talent.TypeAgreement:    {fieldOrganization, fieldRegions, fieldProvince, fieldIndustry, fieldKind, fieldYears, fieldStatus},
	talent.TypeSkill:        {fieldSkills, fieldOccupation, fieldIndustry, fieldKind},
	talent.TypeOccupation:   {fieldSkills, fieldMissing, fieldUnresolved, fieldOccupation, fieldEducation, fieldIndustry, fieldKind},
	talent.TypeRegion:       {fieldRegions, fieldProvince},
}

// counted are the fields whose values facets count; only they keep doc values.
var counted = map[string]bool{
	fieldType: true, fieldProvince: true, fieldEducation: true, fieldIndustry: true,
	fieldKind: true, fieldYears: true, fieldStatus: true, fieldMissing: true,
}

// newMapping is one bleve document mapping a record type. Only what is named is
// indexed; only what highlighting and verification need is stored.
func newMapping() *mapping.IndexMappingImpl {
	im := bleve.NewIndexMapping()
	im.DefaultMapping = bleve.NewDocumentDisabledMapping()
	im.DefaultAnalyzer = pairsAnalyzer
	im.IndexDynamic, im.StoreDynamic, im.DocValuesDynamic = false, false, false
	for t, fields := range fieldsByType {
		dm := bleve.NewDocumentStaticMapping()
		// Without this bleve keeps a field of all fields beside them, if an empty one.
		dm.AddSubDocumentMapping("_all", bleve.NewDocumentDisabledMapping())
		dm.AddFieldMappingsAt(fieldTitle, textField(singlesAnalyzer))
		dm.AddFieldMappingsAt(fieldNames, textField(singlesAnalyzer))
		dm.AddFieldMappingsAt(fieldText, textField(pairsAnalyzer))
		dm.AddFieldMappingsAt(fieldType, keywordField(fieldType))
		dm.AddFieldMappingsAt(fieldHash, storedField())
		for _, f := range fields {
			dm.AddFieldMappingsAt(f, keywordField(f))
		}
		im.AddDocumentMapping(string(t), dm)
	}
	return im
}

// textField is stored for highlighting and keeps positions for phrases.
func textField(analyzer string) *mapping.FieldMapping {
	f := bleve.NewTextFieldMapping()
	f.Analyzer, f.IncludeInAll, f.DocValues = analyzer, false, false
	return f
}

// keywordField is a whole value: an id, a code, a word of a vocabulary.
func keywordField(name string) *mapping.FieldMapping {
	f := bleve.NewKeywordFieldMapping()
	f.Store, f.IncludeTermVectors, f.IncludeInAll = false, false, false
	f.DocValues = counted[name]
	// A term of a field without frequencies and norms scores 0 * 1/0, which is no
	// number: only fields that merely filter go without.
	f.SkipFreqNorm = !scoring[name]
	return f
}

// scoring are the keyword fields whose terms are part of a score: a concept's ids.
var scoring = map[string]bool{fieldSkills: true, fieldOccupation: true, fieldRegions: true}

func storedField() *mapping.FieldMapping {
	f := bleve.NewKeywordFieldMapping()
	f.Index, f.IncludeTermVectors, f.IncludeInAll, f.DocValues = false, false, false, false
	return f
}

// mappingVersion names the mapping and the analysis: an index that was written
// under another name is of no use.
func mappingVersion(im *mapping.IndexMappingImpl) (string, error) {
	b, err := json.Marshal(im)
	if err != nil {
		return "", fmt.Errorf("index mapping: %w", err)
	}
	sum := sha256.Sum256(b)
	return fmt.Sprintf("%d-%s", analysisVersion, hex.EncodeToString(sum[:8])), nil
}

// entry is a Doc in the shape of the mapping. Values that may be missing are lists:
// bleve would index an empty string as a value.
type entry struct {
	Type         string   `json:"type"`
	Title        []string `json:"title"`
	Names        []string `json:"names"`
	Text         string   `json:"text"`
	Skills       []string `json:"skills"`
	Missing      []string `json:"missing"`
	Unresolved   string   `json:"unresolved"`
	Occupation   []string `json:"occupation"`
	Organization []string `json:"organization"`
	Regions      []string `json:"regions"`
	Province     []string `json:"province"`
	Education    []string `json:"education"`
	Industry     []string `json:"industry"`
	Kind         []string `json:"kind"`
	Years        []string `json:"years"`
	Status       []string `json:"status"`
	Hash         string   `json:"hash"`
}

// BleveType chooses the document mapping.
func (e *entry) BleveType() string { return e.Type }

func newEntry(d Doc) *entry {
	e := &entry{
		Type: string(d.Type), Names: d.Names, Text: d.Text,
		Skills: distinct(d.Skills), Missing: distinct(d.Unresolved), Unresolved: strconv.FormatBool(len(d.Unresolved) > 0),
		Occupation: one(d.Occupation), Organization: one(d.Organization), Regions: distinct(d.Regions, d.Region), Province: one(d.Province),
		Education: one(d.Education), Industry: one(d.Industry), Kind: one(d.Kind), Status: one(d.Status),
		Hash: strconv.FormatUint(d.Hash(), 16),
	}
	e.Title = append(one(d.Title), one(d.TitleEN)...)
	for _, y := range d.Years {
		e.Years = append(e.Years, strconv.Itoa(y))
	}
	e.Years = distinct(e.Years)
	return e
}

// one is a list of s alone, empty if s is.
func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// distinct is list, then more, without empty values and repeats: a repeated value
// would be counted twice by a facet.
func distinct(list []string, more ...string) []string {
	out := make([]string, 0, len(list)+len(more))
	seen := make(map[string]bool, len(list)+len(more))
	for _, l := range [][]string{list, more} {
		for _, s := range l {
			if s != "" && !seen[s] {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	return out
}
