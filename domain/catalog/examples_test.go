package catalog_test

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/bkn"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/intake"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/policy"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// Everybody below is invented.
const (
	ani     domain.PersonID = "0b6a1c52-6a3d-5f0e-9d41-2f1f8f0c1a01"
	budi    domain.PersonID = "0b6a1c52-6a3d-5f0e-9d41-2f1f8f0c1a02"
	cut     domain.PersonID = "0b6a1c52-6a3d-5f0e-9d41-2f1f8f0c1a03"
	planID  domain.PlanID   = "5d8f4f7e-0f43-5f5b-8a51-6f8d0d5f0b01"
	upper   domain.PlanID   = "5d8f4f7e-0f43-5f5b-8a51-6f8d0d5f0b02"
	report  domain.ReportID = "77f0c9d4-3d9b-5e56-9a2f-0a4b6f0b9c01"
	sealed  domain.Sealed   = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
	sealed2 domain.Sealed   = "LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564"
	content                 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
)

var (
	source = indicator.Source{Title: "Siaran pers Dinas Pariwisata", Where: "halaman 2", Note: "penjumlahan dua belas bulan"}
	photo  = domain.Evidence{Digest: sealed2, MediaType: "image/jpeg", SizeBytes: 182044}
	year   = domain.Span{From: "2026-01-01", Until: "2026-12-31"}
)

// examples has one filled event of every stored name, optional fields and all.
var examples = []any{
	unit.Established{Unit: "dispar", Code: "1.02.03", Name: "Dinas Pariwisata", Kind: unit.Agency, Parent: "kota-sabang", From: "2017-01-01", Origin: "Daftar perangkat daerah"},
	unit.Renamed{Name: "Dinas Pariwisata dan Kebudayaan", From: "2025-01-01"},
	unit.CodeAliased{Alias: "1.17.01"},
	unit.HeadAppointed{Person: budi, From: "2024-03-01"},
	unit.HeadReleased{Person: budi, LastDay: "2025-02-28"},
	unit.ActingHeadAssigned{Person: cut, Capacity: domain.ActingVacant, Span: domain.Span{From: "2025-03-01", Until: "2025-08-31"}},
	unit.ActingHeadEnded{Person: cut, LastDay: "2025-05-31"},
	unit.Closed{LastDay: "2026-06-30"},

	person.Registered{Person: ani, Employment: person.PartTimePPPK, Invented: true},
	person.PostAssigned{Post: "p2", Title: "Analis Kebijakan Pariwisata", Level: person.Functional, Unit: "dispar", Acting: domain.ActingAbsent, From: "2025-07-01"},
	person.PostEnded{Post: "p2", LastDay: "2025-12-31"},
	person.ReportingLineSet{Superior: budi, From: "2025-07-01"},
	person.ReportingLineCorrected{From: "2025-07-01", Wrong: budi, Superior: cut},
	person.LineQuestioned{OnFile: budi, Note: sealed},
	person.RoleGranted{Role: person.PersonnelAgency, From: "2026-01-01"},
	person.RoleRevoked{Role: person.PersonnelAgency, LastDay: "2026-06-30"},
	person.Separated{LastDay: "2026-09-30", Cause: person.Retired},
	person.KeyDestroyed{Class: "work-2020", Basis: "Jadwal retensi arsip kepegawaian"},

	policy.VersionPublished{Policy: policy.Performance, Version: 1, From: "2026-01-01", Numbers: policy.Defaults(), Basis: "Surat edaran contoh"},
	policy.VersionRetired{Version: 1, LastDay: "2026-06-30"},

	indicator.Defined{Indicator: "kunjungan-wisatawan", Name: "Jumlah kunjungan wisatawan", Measure: "orang", Direction: indicator.HigherIsBetter, Owner: "dispar"},
	indicator.TargetSet{Period: "2023", Value: domain.Whole(300000), Source: source},
	indicator.TargetRevised{Period: "2023", Old: domain.Whole(300000), Value: domain.Whole(280000), Source: source},
	indicator.RealisationReported{Period: "2024-01/2024-04", Value: domain.Whole(47189), Source: source},
	indicator.RealisationCorrected{Period: "2022", Old: domain.Whole(254048), Value: domain.Whole(254044), Source: source},
	indicator.InconsistencyNoted{Period: "2022", Note: "Bagian-bagiannya berjumlah 254.044, bukan 254.048", Source: source},

	plan.Opened{Plan: planID, Person: ani, Appraiser: budi, Unit: "dispar", Post: "Kepala Dinas Pariwisata", Leader: true, Span: year, Acting: domain.ActingVacant},
	plan.AppraiserChanged{Appraiser: cut},
	plan.ResultAdded{Result: "r1", Kind: plan.Main, Wording: "Meningkatnya kunjungan wisatawan", Serves: plan.Serves{Plan: upper, Result: "r3", Indicator: "kunjungan-wisatawan"}},
	plan.ResultAmended{Result: "r1", Wording: "Meningkatnya kunjungan wisatawan mancanegara", Serves: plan.Serves{Plan: upper, Result: "r3", Indicator: "kunjungan-wisatawan"}},
	plan.ResultWithdrawn{Result: "r2"},
	plan.IndicatorSet{Result: "r1", Key: "i1", Wording: "Jumlah paket wisata yang ditawarkan", Aspect: plan.Quantity, Target: domain.Whole(12), Measure: "paket"},
	plan.IndicatorRemoved{Result: "r1", Key: "i2"},
	plan.BehaviourExpected{Value: domain.ServiceMinded, Expectation: "Menjawab pertanyaan wisatawan pada hari yang sama"},
	plan.Submitted{Content: content},
	plan.Returned{Reason: sealed},
	plan.SignedByEmployee{Content: content},
	plan.SignedByAppraiser{Content: content},
	plan.Established{Content: content, Version: 1},
	plan.SignatureWithdrawn{Reason: sealed},
	plan.Closed{LastDay: "2026-12-31", Cause: plan.YearEnd},

	progress.Reported{Report: report, Person: ani, Superior: budi, Unit: "dispar", Plan: planID, Result: "r1", On: "2026-11-20", Quantity: 150, Measure: "paket", Text: sealed, LateReason: sealed2, Evidence: []domain.Evidence{photo}},
	progress.Corrected{Version: 2, Quantity: 200, Measure: "paket", Text: sealed, Reason: sealed2, Evidence: []domain.Evidence{photo}},
	progress.Acknowledged{By: budi, Note: sealed},
	progress.Questioned{By: budi, Question: sealed},
	progress.Answered{Answer: sealed},
	progress.Withdrawn{Reason: sealed},

	feedback.Given{Feedback: "a3c1f1b0-52b1-5f6e-8f7c-9d0b1c2d3e01", About: ani, Unit: "dispar", By: budi, Relation: feedback.FromSuperior, Tone: feedback.Praise, Report: report, Plan: planID, Result: "r1", Value: domain.Collaborative, Text: sealed},
	feedback.Read{},
	feedback.Replied{By: ani, Text: sealed},
	feedback.Disputed{Reason: sealed},

	appraisal.Opened{Appraisal: "c4d2f2c1-63c2-5a7f-9a8d-0e1c2d3e4f01", Person: ani, Appraiser: budi, Unit: "dispar", Plan: planID, Kind: appraisal.Periodic, Span: domain.Span{From: "2026-07-01", Until: "2026-09-30"}},
	appraisal.RealisationRecorded{Result: "r1", Quantity: domain.Whole(9), Measure: "paket", Reports: []domain.ReportID{report}, NoEvidence: sealed},
	appraisal.ResultRated{Rating: appraisal.AsExpected, Note: sealed},
	appraisal.BehaviourRated{Values: sevenValues(), Rating: appraisal.Above, Note: sealed},
	appraisal.PredicateDerived{Result: appraisal.AsExpected, Behaviour: appraisal.Above, Predicate: appraisal.Good},
	appraisal.ScoreChanged{Dimension: appraisal.OfResult, Old: appraisal.AsExpected, New: appraisal.Above, Reason: sealed, Authority: appraisal.ByAppraisersSuperior, Reference: "keberatan-2026-01"},
	appraisal.Delivered{},
	appraisal.Received{},

	intake.Started{File: content, Report: intake.Plans, Span: year, UpdatedOn: "2026-11-20", Rows: 1204},
	intake.ChunkStored{Chunk: 2, Stored: 203},
	intake.Committed{Stored: 1203, Rejected: 1},

	bkn.PlanReported{Plan: "c0ffee00-0000-4000-8000-000000000001", Status: "Persetujuan", Post: "Analis Kebijakan Pariwisata", Unit: "dispar", Acting: true, From: "2026-01-01", Until: "2026-12-31", Source: bkn.Source{File: content, UpdatedOn: "2026-11-20"}},
	bkn.PredicateReported{Plan: "c0ffee00-0000-4000-8000-000000000001", Predicate: bkn.Good, Span: year, Source: bkn.Source{File: content, UpdatedOn: "2026-11-20"}},
}

func sevenValues() []appraisal.ValueRating {
	var all []appraisal.ValueRating
	for _, v := range domain.Values {
		all = append(all, appraisal.ValueRating{Value: v, Rating: appraisal.AsExpected})
	}
	return all
}
