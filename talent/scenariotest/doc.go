// Package scenariotest guards the sample data in testdata: that every record is
// valid and refers only to what exists, that members are counted as ALLIANCES.md
// counts them, that the generated files are what the generator makes, and that
// they have the structure that reports rely on. It lies here because Go skips
// folders named testdata in ./... patterns. It holds tests only.
package scenariotest
