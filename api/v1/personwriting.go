package v1

import (
	"context"
	"net/http"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

type newPerson struct {
	Asking
	Body struct {
		Person     domain.PersonID   `json:"person,omitempty" maxLength:"64" doc:"Id to give; derived from the Idempotency-Key when left out"`
		Name       string            `json:"name" minLength:"1" maxLength:"500"`
		NIP        string            `json:"nip" pattern:"^[0-9]{18}$" doc:"18 digits, as text"`
		Email      string            `json:"email,omitempty" maxLength:"254"`
		Phone      string            `json:"phone,omitempty" maxLength:"40"`
		Employment person.Employment `json:"employment" enum:"pns,pppk,pppk-paruh-waktu"`
		Posts      []Post            `json:"posts,omitempty" maxItems:"20"`
		Lines      []Line            `json:"reporting_lines,omitempty" maxItems:"20"`
		Roles      []Grant           `json:"roles,omitempty" maxItems:"5"`
	}
}

// Post puts a person in a post from a day on.
type Post struct {
	Title  string          `json:"title" minLength:"1" maxLength:"500"`
	Level  person.Level    `json:"level" enum:"jpt,administrator,pengawas,pelaksana,fungsional"`
	Unit   domain.UnitID   `json:"unit" minLength:"1" maxLength:"64"`
	Acting domain.Capacity `json:"acting,omitempty" enum:"plt,plh" doc:"For an acting post"`
	From   domain.Date     `json:"from" format:"date"`
}

// Line names the direct superior from a day on.
type Line struct {
	Superior domain.PersonID `json:"superior" minLength:"1" maxLength:"64"`
	From     domain.Date     `json:"from" format:"date"`
}

// Grant lets a person act for an office of the city.
type Grant struct {
	Role person.Role `json:"role" enum:"bkpsdm,inspektorat,bagian-organisasi,pimpinan-kota,admin-sistem"`
	From domain.Date `json:"from" format:"date"`
}

// personWriting is master data of people, kept by the personnel agency.
func (k *desk) personWriting() {
	order(k, operation{id: "enrol-person", path: "/v1/people", tag: "people", status: http.StatusCreated,
		summary: "Make a civil servant known", description: "By the personnel agency. Name and NIP are kept in the vault and in no event."},
		func(ctx context.Context, ask commands.Ask, in *newPerson) (commands.Outcome, error) {
			b := in.Body
			enrolment := commands.Enrolment{RegisterPerson: commands.RegisterPerson{Person: b.Person, Employment: b.Employment,
				Identity: commands.Identity{Name: b.Name, NIP: b.NIP, Email: b.Email, Phone: b.Phone}}}
			for _, p := range b.Posts {
				enrolment.Posts = append(enrolment.Posts, person.AssignPost(p))
			}
			for _, l := range b.Lines {
				enrolment.Lines = append(enrolment.Lines, person.SetReportingLine(l))
			}
			for _, g := range b.Roles {
				enrolment.Roles = append(enrolment.Roles, person.GrantRole(g))
			}
			return k.Office.EnrolPerson(ctx, ask, enrolment)
		})
	order(k, operation{id: "assign-post", path: "/v1/people/{person}/posts", tag: "people",
		summary: "Put a person in a post", description: "By the personnel agency."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PersonPath
			Body Post
		}) (commands.Outcome, error) {
			return k.Office.AssignPost(ctx, ask, in.Person, person.AssignPost(in.Body))
		})
	order(k, operation{id: "end-post", path: "/v1/people/{person}/post-endings", tag: "people",
		summary: "End a post without a successor", description: "By the personnel agency."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PersonPath
			Body struct {
				Post    string      `json:"post" minLength:"1" maxLength:"64"`
				LastDay domain.Date `json:"last_day" format:"date"`
			}
		}) (commands.Outcome, error) {
			return k.Office.EndPost(ctx, ask, in.Person, person.EndPost(in.Body))
		})
	order(k, operation{id: "set-reporting-line", path: "/v1/people/{person}/reporting-lines", tag: "people",
		summary: "Name the direct superior from a day on", description: "By the personnel agency."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PersonPath
			Body Line
		}) (commands.Outcome, error) {
			return k.Office.SetReportingLine(ctx, ask, in.Person, person.SetReportingLine(in.Body))
		})
}
