package main

// backupCmd writes a consistent copy of the store to a new file.
type backupCmd struct {
	dataFlag
	File string `arg:"" help:"The new file; an existing one is not overwritten."`
}

// Run writes the copy.
func (c *backupCmd) Run(s *session) (err error) {
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	if err := m.Backup(s.ctx, c.File); err != nil {
		return err
	}
	s.note("backup written to %s", c.File)
	return nil
}
