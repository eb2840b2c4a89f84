package plan

import "github.com/jejak-kinerja/jejak/domain"

// SignAsAppraiser binds the appraiser to the submitted content. Istilah: tanda tangani SKP sebagai pejabat penilai.
type SignAsAppraiser struct {
	By domain.PersonID
	// Content is the digest of what the signer saw.
	Content string
}

func (SignAsAppraiser) planCommand() {}

func decideSignAsAppraiser(s State, c SignAsAppraiser) ([]Event, error) {
	if err := s.asAppraiser(c.By); err != nil {
		return nil, err
	}
	if err := s.signable(c.Content); err != nil {
		return nil, err
	}
	if s.SignedByAppraiser == c.Content {
		return nil, nil
	}
	return s.established(s.SignedByEmployee, SignedByAppraiser{c.Content}, c.Content), nil
}
