package api

//go:generate go test -run TestTheCommittedDocumentIsTheOneServed -update .
