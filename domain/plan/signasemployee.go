package plan

import "github.com/jejak-kinerja/jejak/domain"

// SignAsEmployee binds the employee to the submitted content. Istilah: tanda tangani SKP sebagai pegawai.
type SignAsEmployee struct {
	By domain.PersonID
	// Content is the digest of what the signer saw.
	Content string
}

func (SignAsEmployee) planCommand() {}

func decideSignAsEmployee(s State, c SignAsEmployee) ([]Event, error) {
	if err := s.asEmployee(c.By); err != nil {
		return nil, err
	}
	if err := s.signable(c.Content); err != nil {
		return nil, err
	}
	if s.SignedByEmployee == c.Content {
		return nil, nil
	}
	return s.established(s.SignedByAppraiser, SignedByEmployee{c.Content}, c.Content), nil
}

// signable refuses a signature where nothing is offered or something else is.
func (s State) signable(content string) error {
	if s.Writing() {
		return domain.Refuse("plan-not-submitted", "only a submitted plan is signed")
	}
	if content != s.Submitted {
		return changed()
	}
	return nil
}

// established adds the establishment when the other side signed the same content.
func (s State) established(other string, signature Event, content string) []Event {
	if other != content {
		return []Event{signature}
	}
	return []Event{signature, Established{content, s.DraftVersion()}}
}
