package web

import (
	"strconv"

	"github.com/jejak-kinerja/jejak/domain"
)

func personHref(id domain.PersonID) string       { return "/pegawai/" + string(id) }
func unitHref(id domain.UnitID) string           { return "/unit/" + string(id) }
func reportHref(id domain.ReportID) string       { return "/laporan/" + string(id) }
func feedbackHref(id domain.FeedbackID) string   { return "/umpan-balik/" + string(id) }
func planHref(id domain.PlanID) string           { return "/skp/" + string(id) }
func appraisalHref(id domain.AppraisalID) string { return "/evaluasi/" + string(id) }
func eventHref(position uint64) string           { return "/jejak/" + strconv.FormatUint(position, 10) }
func streamHref(stream string) string            { return "/jejak/aliran/" + stream }
