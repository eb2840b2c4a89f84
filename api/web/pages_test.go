package web_test

import "maps"

// pages is every page, as somebody who uses it sees it.
func (s *story) pages() map[string]shot {
	pages := map[string]shot{
		"city-public":    {"", "/"},
		"city":           {ismail, "/kota"},
		"login":          {"", "/masuk"},
		"menu":           {rahmi, "/menu"},
		"home-employee":  {rahmi, "/"},
		"home-superior":  {teuku, "/"},
		"home-head":      {cut, "/"},
		"home-keeper":    {fitri, "/"},
		"home-inspector": {hasan, "/"},
		"home-leader":    {ismail, "/"},
		"inbox":          {teuku, "/menunggu"},
		"inbox-empty":    {nora, "/menunggu"},
		"team":           {teuku, "/tim"},
		"report-form":    {rahmi, "/lapor"},
		"report-asked":   {rahmi, "/laporan/" + string(s.asked)},
		"report-mended":  {teuku, "/laporan/" + string(s.corrected)},
		"line":           {rahmi, "/atasan-salah"},
		"feedback-list":  {rahmi, "/umpan-balik"},
		"feedback-give":  {teuku, "/umpan-balik/baru?kepada=rahmi&laporan=" + string(s.report)},
		"feedback-new":   {rahmi, "/umpan-balik/baru"},
		"feedback":       {rahmi, "/umpan-balik/" + string(s.feedback)},
		"receipt":        {rahmi, "/tercatat/progress-" + string(s.report)},
		"person":         {rahmi, "/pegawai/rahmi"},
	}
	maps.Copy(pages, s.planPages())
	maps.Copy(pages, s.recordPages())
	return pages
}
