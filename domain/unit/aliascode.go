package unit

import "slices"

// AliasCode makes an older code mean this unit. Istilah: catat alias kode OPD.
type AliasCode struct{ Alias string }

func (AliasCode) unitCommand() {}

func decideAliasCode(s State, c AliasCode) ([]Event, error) {
	if err := open(s); err != nil {
		return nil, err
	}
	if err := checkCode("alias", c.Alias); err != nil {
		return nil, err
	}
	if s.Code == c.Alias || slices.Contains(s.Aliases, c.Alias) {
		return nil, nil
	}
	return []Event{CodeAliased(c)}, nil
}
