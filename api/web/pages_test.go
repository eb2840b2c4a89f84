package web_test

// pages is every page, as somebody who uses it sees it.
func (s *story) pages() map[string]shot {
	return map[string]shot{
		"city-public": {"", "/"},
		"login":       {"", "/masuk"},
		"menu":        {rahmi, "/menu"},
		"missing":     {rahmi, "/tidak-ada"},
	}
}
