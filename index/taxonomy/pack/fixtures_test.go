package pack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The folders below are written for these tests in the publishers' formats. No row
// is anybody's: trades, codes and URIs are invented.

const (
	escoBase = "http://data.europa.eu/esco/"
	glazing  = escoBase + "skill/00000000-0000-4000-8000-00000000000a"
	kilns    = escoBase + "skill/00000000-0000-4000-8000-00000000000b"
	clay     = escoBase + "skill/00000000-0000-4000-8000-00000000000c"
	potter   = escoBase + "occupation/00000000-0000-4000-8000-0000000000a1"
	master   = escoBase + "occupation/00000000-0000-4000-8000-0000000000a2"
)

// escoV11 has the columns of v1.1.
var escoV11 = map[string]string{
	"skills_en.csv": "\ufeffconceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,scopeNote,definition,inScheme,description\r\n" +
		`KnowledgeSkillCompetence,` + glazing + `,skill/competence,sector-specific,glaze pots,"put glaze on pots` + "\n" + `Glaze  Pots` + "\n" + `dip pots in glaze",glasing,released,2021-03-04T10:11:12.000Z,Excludes tiles.,,http://x,"Put a glaze on, ""dipped"" or brushed."` + "\r\n" +
		`KnowledgeSkillCompetence,` + kilns + `,knowledge,cross-sector,kiln types,,,released,2021-05-06,,,,Which kiln reaches which heat.` + "\r\n" +
		`KnowledgeSkillCompetence,` + clay + `,knowledge,transversal,clays,clay bodies,,released,2020-01-01,,What clays there are.,,` + "\r\n",
	"skillGroups_en.csv": "conceptType,conceptUri,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,scopeNote,inScheme,description,code\n" +
		"SkillGroup," + escoBase + "isced-f/0799,pottery and allied crafts,,,released,,,,Everything of clay.,0799\n" +
		"SkillGroup," + escoBase + "skill/S99,working with clay,,,released,,,,,S99\n",
	"occupations_en.csv": "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,regulatedProfessionNote,scopeNote,definition,inScheme,description,code\n" +
		"Occupation," + potter + ",7999,potter,\"clay worker\npot thrower\",,released,2021-03-04,,,,,Potters make pots.,7999.1\n" +
		"Occupation," + master + ",7999,master potter,,,released,2021-03-04,,,,,Master potters teach potters.,7999.1.1\n",
	"ISCOGroups_en.csv": "conceptType,conceptUri,code,preferredLabel,status,altLabels,inScheme,description\n" +
		"ISCOGroup," + escoBase + "isco/C799,799,Clay trades,released,,,\n" +
		"ISCOGroup," + escoBase + "isco/C7999,7999,Potters and kin,released,,,Those who form clay.\n",
	"occupationSkillRelations.csv": "occupationUri,relationType,skillType,skillUri\n" +
		potter + ",optional,knowledge," + clay + "\n" +
		potter + ",essential,skill/competence," + glazing + "\n" +
		potter + ",essential,knowledge," + clay + "\n" +
		master + ",optional,knowledge," + kilns + "\n" +
		master + ",essential,knowledge," + escoBase + "skill/nowhere\n",
	"skillSkillRelations_en.csv": "originalSkillUri,originalSkillType,relationType,relatedSkillType,relatedSkillUri\n" +
		glazing + ",skill/competence,optional,knowledge," + kilns + "\n",
	"broaderRelationsSkillPillar_en.csv": "conceptType,conceptUri,broaderType,broaderUri\n" +
		"KnowledgeSkillCompetence," + glazing + ",SkillGroup," + escoBase + "skill/S99\n" +
		"KnowledgeSkillCompetence," + clay + ",SkillGroup," + escoBase + "isced-f/0799\n" +
		"KnowledgeSkillCompetence," + clay + ",SkillGroup," + escoBase + "isced-f/0000\n",
	"broaderRelationsOccPillar_en.csv": "conceptType,conceptUri,broaderType,broaderUri\n" +
		"ISCOGroup," + escoBase + "isco/C7999,ISCOGroup," + escoBase + "isco/C799\n" +
		"Occupation," + potter + ",ISCOGroup," + escoBase + "isco/C7999\n" +
		"Occupation," + master + ",ISCOGroup," + escoBase + "isco/C7999\n" +
		"Occupation," + master + ",Occupation," + potter + "\n",
	"digitalSkillsCollection_en.csv": "conceptType,conceptUri,preferredLabel,status,skillType,reuseLevel,altLabels,description,broaderConceptUri,broaderConceptPT\n" +
		"KnowledgeSkillCompetence," + kilns + ",kiln types,released,knowledge,cross-sector,,,a | b,c | d\n",
	"greenSkillsCollection_en.csv":         "conceptType,conceptUri\nKnowledgeSkillCompetence," + kilns + "\n",
	"researchOccupationsCollection_en.csv": "conceptType,conceptUri\nOccupation," + master + "\n",
	"conceptSchemes_en.csv":                "not,read\n\"",
}

// escoV12 is the same pack with the columns of v1.2.1, in other orders, in three
// languages, with a crosswalk.
func escoV12() map[string]string {
	out := map[string]string{}
	for name, text := range escoV11 {
		out[name] = text
	}
	delete(out, "occupationSkillRelations.csv")
	out["occupationSkillRelations_en.csv"] = "occupationUri,occupationLabel,relationType,skillType,skillUri,skillLabel\n" +
		potter + ",potter,essential,skill/competence," + glazing + ",glaze pots\n" +
		potter + ",potter,optional,," + clay + ",clays\n"
	out["broaderRelationsSkillPillar_en.csv"] = "conceptType,conceptUri,conceptLabel,broaderType,broaderUri,broaderLabel\n" +
		"KnowledgeSkillCompetence," + glazing + ",glaze pots,SkillGroup," + escoBase + "skill/S99,working with clay\n"
	out["occupations_en.csv"] = "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,regulatedProfessionNote,scopeNote,definition,inScheme,description,code,naceCode\n" +
		"Occupation," + potter + ",7999,potter,clay worker | pot thrower,,released,2024-03-04,,,,,Potters make pots.,7999.1,C23\n" +
		"Occupation," + master + ",7999,master potter,,,released,2024-03-04,,,,,Master potters teach potters.,7999.1.1,\n" +
		"Occupation," + master + ",7999,master potter,,,released,2024-03-04,,,,,Given twice.,7999.1.1,\n" +
		"Occupation," + escoBase + "occupation/old,7999,pot boiler,,,obsolete,2024-03-04,,,,,,,\n"
	out["skills_de.csv"] = "conceptType,conceptUri,skillType,preferredLabel,altLabels,description\n" +
		"KnowledgeSkillCompetence," + glazing + ",,Töpfe glasieren,glasieren,Deutsch.\n" +
		"KnowledgeSkillCompetence," + escoBase + "skill/nur-deutsch,,Nur hier,,\n"
	out["occupations_es.csv"] = "conceptType,conceptUri,preferredLabel,altLabels\nOccupation," + potter + ",alfarero/alfarera,\"alfarero\nalfarera\"\n"
	out["ONET_(Occupations)_0_updated.csv"] = "\ufeffCrosswalk of something\n\"A project, in \"\"quotes\"\"\"\n\n" +
		"O*NET Id,O*NET Title,O*NET Description,ESCO or ISCO URI,ESCO or ISCO Title,ESCO or ISCO Description,Type of Match\n" +
		"99-1111.00,Potters,\"Make\npots.\"," + potter + ",potter,,closeMatch\n" +
		"99-1111.00,Potters,," + potter + ",potter,,exactMatch\n" +
		"99-1111,Potters,," + escoBase + "isco/C7999,Potters and kin,,skos:broadMatch\n" +
		"99-1111.01,Master Potters,," + master + ",master potter,,narrowMatch\n" +
		"99-1111.02,Others,," + master + ",master potter,,wildGuess\n"
	return out
}

// onetOld has the tables of the releases up to 30.2, onetNew those from 30.3 on.
var onetOld = map[string]string{
	"Read Me.txt":         "O*NET 29.2 Database\r\nFebruary 2025 Release\r\n",
	"Occupation Data.txt": "O*NET-SOC Code\tTitle\tDescription\r\n99-1111.00\tPotters\tMake pots.\r\n99-1111.01\tMaster Potters\tTeach \"pots\".\r\n99-2222.00\tCaf\xe9 Hands\t\r\n",
	"Content Model Reference.txt": "Element ID\tElement Name\tDescription\r\n2\tWorker Requirements\tAll.\r\n2.B\tCross-Functional Skills\tHeading.\r\n2.B.9\tClay Skills\tWhat hands do.\r\n" +
		"2.B.9.a\tThrowing\tForming clay on a wheel.\r\n2.B.9.b\tFiring\tBaking clay.\r\n2.C.9\tOld Crafts\t\r\n2.C.9.z\tGlaze Chemistry\tWhat glazes are made of.\r\n",
	"Scales Reference.txt":          "Scale ID\tScale Name\tMinimum\tMaximum\r\nIM\tImportance\t1\t5\r\nLV\tLevel\t0\t7\r\nFT\tFrequency\t1\t7\r\n",
	"Alternate Titles.txt":          "O*NET-SOC Code\tAlternate Title\tShort Title\tSource(s)\r\n99-1111.00\tClay Turner\tCT\t01\r\n99-1111.00\tpotters\tn/a\t02\r\n99-9999.00\tNobody\tn/a\t01\r\n",
	"Sample of Reported Titles.txt": "O*NET-SOC Code\tReported Job Title\tShown in My Next Move\r\n99-1111.00\tStudio Potter\tY\r\n",
	"Skills.txt": onetRatingHead +
		"99-1111.00\t2.B.9.a\tThrowing\tIM\t4.00\t8\t0\t0\t0\tN\tn/a\t01/2025\tAnalyst\r\n99-1111.00\t2.B.9.a\tThrowing\tLV\t5.25\t8\t0\t0\t0\tN\tN\t01/2025\tAnalyst\r\n" +
		"99-1111.00\t2.B.9.b\tFiring\tIM\t3.12\t8\t0\t0\t0\tN\tn/a\t01/2025\tAnalyst\r\n99-1111.00\t2.B.9.b\tFiring\tLV\t2.00\t8\t0\t0\t0\tY\tN\t01/2025\tAnalyst\r\n" +
		"99-1111.01\t2.B.9.a\tThrowing\tIM\t2.00\t8\t0\t0\t0\tY\tn/a\t01/2025\tAnalyst\r\n99-1111.01\t2.B.9.b\tFiring\tIM\t1.25\t8\t0\t0\t0\tN\tn/a\t01/2025\tAnalyst\r\n" +
		"99-1111.01\t2.B.9.b\tFiring\tLV\t0.12\t8\t0\t0\t0\tN\tY\t01/2025\tAnalyst\r\n",
	"Knowledge.txt": onetRatingHead +
		"99-1111.01\t2.C.9.z\tGlaze Chemistry\tIM\t5.00\t8\t0\t0\t0\tN\tn/a\t01/2025\tIncumbent\r\n99-1111.01\t2.C.9.z\tGlaze Chemistry\tLV\t7.00\t8\t0\t0\t0\tN\tN\t01/2025\tIncumbent\r\n",
	"Technology Skills.txt": "O*NET-SOC Code\tExample\tCommodity Code\tCommodity Title\tHot Technology\tIn Demand\r\n" +
		"99-1111.00\tKilnControl\t99990101\tKiln software\tN\tN\r\n99-1111.00\tPot++\t99990102\tForming software\tY\tN\r\n99-1111.01\tPot++\t99990102\tForming software\tY\tY\r\n99-1111.01\tPot++\t99990101\tKiln software\tN\tN\r\n",
	"Task Statements.txt": "O*NET-SOC Code\tTask ID\tTask\tTask Type\tIncumbents Responding\tDate\tDomain Source\r\n" +
		"99-1111.00\t1\tSell pots.\tSupplemental\t9\t01/2025\tIncumbent\r\n99-1111.00\t2\tThrow pots.\tCore\t9\t01/2025\tIncumbent\r\n",
	"Abilities.txt": onetRatingHead + "99-1111.00\t1.A.1\tNever Read\tIM\t9\r\n",
}

const onetRatingHead = "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tN\tStandard Error\tLower CI Bound\tUpper CI Bound\tRecommend Suppress\tNot Relevant\tDate\tDomain Source\r\n"

var onetNew = map[string]string{
	"Occupation Data.txt":         "O*NET-SOC Code\tTitle\tDescription\n99-1111.00\tPotters\tMake pots.\n",
	"Job Titles.txt":              "O*NET-SOC Code\tJob Title\tShort Title\tSource(s)\n99-1111.00\tClay Turner\tn/a\t01\n",
	"Essential Skills.txt":        onetRatingHead + "99-1111.00\t2.A.9.a\tListening to Clay\tIM\t3.00\n",
	"Transferable Skills.txt":     onetRatingHead + "99-1111.00\t2.B.9.a\tThrowing\tIM\t4.00\n",
	"Software Skills.txt":         "O*NET-SOC Code\tWorkplace Example\tElement ID\tElement Name\tHot Technology\tIn Demand\n99-1111.00\tPot++\t2.E.9.b\tForming Software\tN\tY\n",
	"Content Model Reference.txt": "Element ID\tElement Name\tDescription\n2.A.9\tClay Basics\t\n2.A.9.a\tListening to Clay\t\n2.B.9.a\tThrowing\t\n2.E.9\tClay Software\t\n2.E.9.b\tForming Software\t\n",
}

var ownFolder = map[string]string{
	"pack.json": `{"name": "clay", "version": "2026.1", "source": "the guild", "licence": "CC0"}`,
	"b.ndjson":  `{"type":"occupation","id":"clay.potter","name":"陶工","name_en":"Potter","skills":[{"skill":"clay.glaze","importance":0.5,"level":4}]}` + "\n",
	"a.ndjson":  "\ufeff" + `{"type":"skill","id":"clay.glaze","name":"施釉"}` + "\n\n" + `{"type":"crosswalk","from":"clay.glaze","to":"esco.skill.x","weight":0.7,"source":"guild"}`,
	"README.md": "not read",
}

// folder writes files into a new folder of that name.
func folder(t testing.TB, name string, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// with is a copy of files with some changed; "" removes one.
func with(files map[string]string, pairs ...string) map[string]string {
	out := map[string]string{}
	for name, text := range files {
		out[name] = text
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			delete(out, pairs[i])
		} else {
			out[pairs[i]] = pairs[i+1]
		}
	}
	return out
}

// replaced is a copy of files with a piece of one replaced.
func replaced(t testing.TB, files map[string]string, name, old, new string) map[string]string {
	t.Helper()
	if !strings.Contains(files[name], old) {
		t.Fatalf("%s holds no %q", name, old)
	}
	return with(files, name, strings.Replace(files[name], old, new, 1))
}
