// Package docs holds papers; the generated ones come from here.
package docs

//go:generate go test ../internal/arch -run Glossary -update-glossary
