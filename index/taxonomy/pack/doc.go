// Package pack reads taxonomies as their publishers deliver them: a folder goes in,
// skill, occupation and crosswalk records come out, together with what the folder
// says about itself (Pack: name, version, source, licence). The kind of folder is
// found out from the files in it. Only the formats are known here; no text of any
// publisher is.
//
// # ESCO
//
// CSV files as the portal delivers them: skills, skillGroups, occupations,
// ISCOGroups, occupationSkillRelations, skillSkillRelations,
// broaderRelationsSkillPillar, broaderRelationsOccPillar and ...Collection, each with
// a language (_en, _de ...) or without one. Columns are found by name, so that the
// further ones of v1.2 (conceptLabel, broaderLabel, skillLabel, naceCode ...) make no
// difference, nor does an order of their own.
//
//	id            esco. and the URI behind /esco/, with dots: esco.skill.<uuid>,
//	              esco.occ.<uuid>, esco.isco.C2512, esco.isced-f.0613
//	name, text    preferredLabel and description (else definition), in English; in
//	              Chinese where there is a _zh file, the English ones then being
//	              name_en and text_en; without both, in the first language by code.
//	              A text in one language only stands in name and text, where search
//	              and matching look first; repeating it in name_en would say nothing.
//	aliases       altLabels and hiddenLabels, then every label of further languages
//	kind          knowledge and skill (for skill/competence); group of skill groups
//	broader       of skills, from broaderRelationsSkillPillar, groups included
//	related       of skills, from skillSkillRelations of either type
//	parent        of occupations, from broaderRelationsOccPillar, else their ISCO
//	              group; of two parents an occupation rather than a group, then by id
//	skills        of occupations: an essential one has importance 1, an optional 0.5
//	note          codes, reuse level, and the collections that list the concept
//
// scopeNote is left out: it says as often what does not belong as what does.
//
// # O*NET
//
// The text database: tab-separated .txt files in UTF-8 or Windows-1252. Up to release
// 30.2 Alternate Titles, Skills and Technology Skills, from 30.3 on Job Titles,
// Essential Skills, Transferable Skills and Software Skills; besides these
// Occupation Data, Sample of Reported Titles, Knowledge, Task Statements, Content
// Model Reference, Scales Reference and Read Me.
//
//	id            onet.occ.15-1252.00 (every eight-digit code is a record of its own),
//	              onet.skill.2.B.3.e, onet.unspsc.43232408 (a class of software),
//	              onet.tool.<name>-<hash> (one product)
//	aliases       of occupations: alternate, short and reported titles
//	text          of occupations: the description, then the tasks, core ones first
//	importance    (IM - 1) / 4 of the scale 1..5 of importance, so 0..1
//	level         1 + round(4 * LV / 7) of the scale 0..7 of level, halves up: 0 is 1,
//	              1.75 is 2, 3.5 is 3, 5.25 is 4, 7 is 5
//	kind          knowledge, skill and tool; group of branches that are not rated
//	broader       the element's own branch (Social Skills) without the headings above
//	              it (Skills, Knowledge); a product's classes
//	tools         importance 0.75 in demand, 0.5 hot, 0.25 else: they are examples of
//	              what is used, and nobody needs all of them
//
// The ends of a scale come from Scales Reference where it is there. A rating with
// Recommend Suppress = Y is passed over: of an importance the skill goes, of a level
// the level. So does a skill that is Not Relevant = Y. Abilities are left out, since
// they are what a person brings and not what anybody teaches; so are Tools Used,
// interests, work context and education.
//
// # Our own
//
// *.ndjson files of skill, occupation and crosswalk records (DESIGN section 3).
//
// pack.json, in any of these folders, gives what the files do not say or overrides
// it: {"name": "trades", "version": "2026.1", "source": "...", "licence": "..."}, all
// optional. A pack without a version is named by its content.
//
// # Crosswalks
//
// The table between O*NET and ESCO in the form in which ESCO publishes it, alone or
// beside either taxonomy: a CSV file whose name has "crosswalk" or begins with
// "onet", lines about the project first, then the columns O*NET Id, ESCO or ISCO URI
// and Type of Match. exactMatch weighs 1, closeMatch 0.8, broadMatch and narrowMatch
// 0.6. The record's source names file and type of match.
//
// # What can be wrong
//
// A missing column is an error of Open. A row that makes no record (no URI, no label,
// a number that is none) is a Row with Problems that name file, line and column. What
// real deliveries contain and what harms nothing is left out and counted, as
// Warnings: a concept given twice (the first counts), a relation to a concept that is
// not there, a label that is too long.
package pack
