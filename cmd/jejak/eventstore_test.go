package main

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/eventlog"
)

// secretly sets the two passwords in the environment.
func secretly(t *testing.T) {
	t.Helper()
	t.Setenv(adminPasswordVariable, adminsPassword)
	t.Setenv(userPasswordVariable, jejaksPassword)
}

// prepared runs prepare; no line of it may show a password.
func prepared(t *testing.T, url string, more ...string) (code int, out, messages string) {
	t.Helper()
	code, out, messages = attempt(t, t.TempDir(), append([]string{"eventstore", "prepare", "--admin-url", url}, more...)...)
	for _, secret := range []string{adminsPassword, jejaksPassword} {
		if strings.Contains(out+messages, secret) {
			t.Errorf("a password is printed: %s%s", out, messages)
		}
	}
	return code, out, messages
}

// openAs connects as a user of the store.
func (s *accountStore) openAs(login string) *eventlog.Admin {
	s.t.Helper()
	a, err := eventlog.OpenAdmin(s.t.Context(), eventlog.Options{URL: s.at(login)}, "", "")
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := a.Close(); err != nil {
			s.t.Error(err)
		}
	})
	return a
}

func (s *accountStore) may(login string) eventlog.Tries {
	s.t.Helper()
	may, err := s.openAs(login).Try(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return may
}

func (s *accountStore) last(stream string) (int64, string) {
	s.t.Helper()
	revision, data, err := s.openAs("admin:"+adminsPassword).Last(s.t.Context(), stream)
	if err != nil {
		s.t.Fatal(err)
	}
	return revision, string(data)
}

const (
	other = "other:" + othersPassword
	jejak = "jejak:" + jejaksPassword
)

func TestAPreparedEventStoreIsWrittenByTheProductAloneAndNothingIsHidden(t *testing.T) {
	s := newAccountStore(t)
	secretly(t)
	if may := s.may(other); !may.Append || !may.Delete || !may.Tombstone || !may.WriteMetadata {
		t.Errorf("before, everybody with a password may %+v", may)
	}
	wants(t, diagnosis(t, s.at("admin:"+adminsPassword)), map[string]symptom{
		"login": {Status: warns, Detail: "admin may delete, delete for ever, write metadata"},
		"locks": {Status: warns, Detail: "everybody with a password may append"}})
	wants(t, diagnosis(t, s.at(other)), map[string]symptom{"login": {Status: fails, Detail: "other may not read the whole log"}})
	code, out, messages := prepared(t, s.at("admin"))
	if code != exitOK || strings.Count(out, "done ") != 3 || !strings.Contains(out, "tried   user jejak") {
		t.Fatalf("exit code %d: %s%s", code, out, messages)
	}
	if may := s.may(jejak); may != (eventlog.Tries{ReadAll: true, Append: true}) {
		t.Errorf("the product may %+v", may)
	}
	if may := s.may(other); may != (eventlog.Tries{}) {
		t.Errorf("another may %+v", may)
	}
	wants(t, diagnosis(t, s.at(jejak)), map[string]symptom{
		"login":   {Status: fine, Detail: "jejak: reads the log and appends"},
		"locks":   {Status: fine, Detail: "only jejak appends"},
		"cluster": {Status: fine, Detail: "one node"}})
	wants(t, diagnosis(t, s.at("jejak:wrong")), map[string]symptom{"login": {Status: fails, Detail: "does not know this name with this password"}})
	code, out, messages = prepared(t, s.at("admin"))
	if code != exitOK || strings.Count(out, "was so ") != 3 || strings.Contains(out, "done") {
		t.Errorf("a second time: exit code %d: %s%s", code, out, messages)
	}
	for _, stream := range []string{eventlog.SettingsStream, eventlog.AllMetadataStream} {
		if revision, _ := s.last(stream); revision != 0 {
			t.Errorf("%s was written %d times", stream, revision+1)
		}
	}

	dir, to := stateDir(t), filepath.Join(t.TempDir(), "backup")
	p := serve(t, dir, "--demo", "--people", "20", "--eventstore-url", s.at(jejak))
	p.seeded()
	p.stop()
	if out := command(t, dir, "verify", "--eventstore-url", s.at(jejak)); !strings.Contains(out, " 0 findings") {
		t.Error(out)
	}
	command(t, dir, "backup", "--to", to, "--eventstore-url", s.at(jejak))
	s = newAccountStore(t) // it goes into another, as the same user
	if code, out, messages := prepared(t, s.at("admin")); code != exitOK {
		t.Fatal(out, messages)
	}
	command(t, freshState(t, dir), "restore", "--from", to, "--eventstore-url", s.at(jejak))
}

// diagnosis is what the doctor says of an event store.
func diagnosis(t *testing.T, url string) map[string]symptom {
	t.Helper()
	_, out, messages := attempt(t, stateDir(t), "doctor", "--json", "--eventstore-url", url)
	found := map[string]symptom{}
	for line := range strings.Lines(out) {
		var s symptom
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatalf("%v: %s%s", err, line, messages)
		}
		found[s.What] = s
	}
	return found
}

func wants(t *testing.T, found, want map[string]symptom) {
	t.Helper()
	for what, w := range want {
		if f := found[what]; f.Status != w.Status || !strings.Contains(f.Detail, w.Detail) || f.Status != fine && f.Do == "" {
			t.Errorf("%s: %+v, want %s: %s", what, f, w.Status, w.Detail)
		}
	}
}

// TestPrepareIsCareful runs its parts one after the other on one store.
func TestPrepareIsCareful(t *testing.T) {
	s := newAccountStore(t)
	secretly(t)
	for _, part := range []struct {
		name string
		is   func(*testing.T, *accountStore)
	}{
		{"it says what is wrong and changes nothing", saysWhatIsWrong},
		{"our own node is locked, and its users are left to its file", locksOurOwnNode},
		{"a user that is there keeps its password unless told", keepsPasswords},
		{"a password in the command line is warned of", warnsOfTheCommandLine},
		{"it keeps what else is set, and overwrites nothing unasked", keepsOthersRights},
	} {
		t.Run(part.name, func(t *testing.T) {
			s.t = t
			part.is(t, s)
		})
	}
}

func keepsOthersRights(t *testing.T, s *accountStore) {
	admin := s.openAs("admin:" + adminsPassword)
	put := func(stream, document string) {
		t.Helper()
		after, _ := s.last(stream)
		if err := admin.Put(t.Context(), stream, "$metadata", []byte(document), after); err != nil {
			t.Fatal(err)
		}
	}
	put(eventlog.SettingsStream, `{"$systemStreamAcl":{"$r":"$ops"}}`)
	put(eventlog.AllMetadataStream, `{"note":1,"$acl":{"$r":"auditor","$w":["x"]}}`)
	if code, out, messages := prepared(t, s.at("admin")); code != exitOK {
		t.Fatal(out, messages)
	}
	_, settings := s.last(eventlog.SettingsStream)
	if want := `{"$systemStreamAcl":{"$r":"$ops"},"$userStreamAcl":{"$r":["jejak","$admins"],"$w":["jejak"],"$d":[],"$mr":["jejak","$admins"],"$mw":[]}}`; settings != want {
		t.Errorf("settings %s", settings)
	}
	if _, all := s.last(eventlog.AllMetadataStream); all != `{"$acl":{"$r":["auditor","$admins","jejak"],"$w":["x"]},"note":1}` {
		t.Errorf("metadata of the log %s", all)
	}
	for name, foreign := range map[string]string{"other rights": `{"$userStreamAcl":{"$r":"$all"}}`, "what cannot be read": `{'$userStreamAcl':`} {
		put(eventlog.SettingsStream, foreign)
		before, _ := s.last(eventlog.SettingsStream)
		wants(t, diagnosis(t, s.at("admin:"+adminsPassword)), map[string]symptom{"locks": {Status: warns, Detail: "everybody with a password"}})
		code, out, messages := prepared(t, s.at("admin"))
		after, _ := s.last(eventlog.SettingsStream)
		if code != exitFailed || after != before || !strings.Contains(messages, "--force") || !strings.Contains(out, "-       $settings: "+foreign) {
			t.Errorf("%s: exit code %d, revision %d to %d: %s%s", name, code, before, after, out, messages)
		}
		if code, out, messages := prepared(t, s.at("admin"), "--force"); code != exitOK {
			t.Errorf("%s, by force: %s%s", name, out, messages)
		}
	}
	put("$$plan-1", `{"$acl":{"$w":"$all"}}`)
	wants(t, diagnosis(t, s.at(jejak)), map[string]symptom{"locks": {Status: warns, Detail: "1 streams have rights of their own: plan-1"}})
	code, _, messages := prepared(t, s.at("admin"), "--user", "second")
	if code != exitFailed || !strings.Contains(messages, "somebody else has set these rights") {
		t.Errorf("for another user: exit code %d: %s", code, messages)
	}
	if _, there := s.accounts["second"]; there {
		t.Error("a user was made although the rest was refused")
	}
}

func saysWhatIsWrong(t *testing.T, s *accountStore) {
	s.accounts["rich"] = &account{password: "x", groups: []string{"$admins"}}
	s.accounts["gone"] = &account{password: "x", disabled: true}
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "esdb://admin@" + listener.Addr().String() + "?tls=true&tlsCAFile=" + s.ca
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, url string
		args, env []string
		code      int
		says      string
	}{
		{"a wrong password", s.at("admin"), nil, []string{adminPasswordVariable + "=nonsense"}, exitUsage, "does not know this name with this password"},
		{"an unknown name", s.at("nosuch"), nil, nil, exitUsage, "does not know this name"},
		{"no right", s.at("other"), nil, []string{adminPasswordVariable + "=" + othersPassword}, exitUsage, `as "other": the event store denies it`},
		{"nobody there", nobody, nil, nil, exitUnavailable, "nobody listens at"},
		{"a user in a group", s.at("admin"), []string{"--user", "rich"}, nil, exitFailed, "is in the groups $admins"},
		{"a disabled user", s.at("admin"), []string{"--user", "gone"}, nil, exitFailed, "is disabled"},
		{"no password for the user", s.at("admin"), nil, []string{userPasswordVariable + "="}, exitUsage, "needs a password"},
		{"an empty password file", s.at("admin"), []string{"--password-file", empty}, nil, exitUsage, "is empty"},
		{"no address", "https://localhost", nil, nil, exitUsage, "must begin with esdb://"},
		{"the administrator's own name", s.at("admin"), []string{"--user", "admin"}, nil, exitUsage, "a name of its own"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, e := range c.env {
				name, value, _ := strings.Cut(e, "=")
				t.Setenv(name, value)
			}
			code, out, messages := prepared(t, c.url, c.args...)
			if code != c.code || !strings.Contains(messages, c.says) {
				t.Errorf("exit code %d, want %d and %q: %s%s", code, c.code, c.says, out, messages)
			}
		})
	}
	if revision, _ := s.last(eventlog.SettingsStream); revision != -1 || s.accounts["jejak"] != nil {
		t.Error("something was changed")
	}
}

func keepsPasswords(t *testing.T, s *accountStore) {
	s.accounts["jejak"], s.late = &account{password: "an-older-one"}, 0
	code, _, messages := prepared(t, s.at("admin"))
	if code != exitUsage || !strings.Contains(messages, "--reset-password") || s.accounts["jejak"].password != "an-older-one" {
		t.Errorf("exit code %d: %s", code, messages)
	}
	if code, out, messages := prepared(t, s.at("admin"), "--reset-password"); code != exitOK || !strings.Contains(out, "has another password now") {
		t.Errorf("exit code %d: %s%s", code, out, messages)
	}
}

func warnsOfTheCommandLine(t *testing.T, s *accountStore) {
	t.Setenv(adminPasswordVariable, "")
	cmd := exec.CommandContext(t.Context(), binary(t), "eventstore", "prepare", "--admin-url", s.at("admin:"+adminsPassword), "--state-dir", t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "stands in the command line") {
		t.Errorf("%v: %s", err, out)
	}
	cmd = exec.CommandContext(t.Context(), binary(t), "eventstore", "prepare", "--state-dir", t.TempDir())
	cmd.Env = slices.Concat(os.Environ(), []string{"JEJAK_EVENTSTORE_ADMIN_URL=" + s.at("admin:"+adminsPassword)})
	if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "ATTENTION") {
		t.Errorf("by the environment: %v: %s", err, out)
	}
}

func locksOurOwnNode(t *testing.T, s *accountStore) {
	behind := "esdb://admin@" + s.node.Target() + "?tls=true&tlsCAFile=" + s.ca
	code, out, messages := prepared(t, behind)
	if code != exitOK || !strings.Contains(out, "left    user jejak: this event store keeps no users") || strings.Count(out, "done ") != 2 {
		t.Errorf("exit code %d: %s%s", code, out, messages)
	}
	wrong := filepath.Join(t.TempDir(), "wrong")
	if err := os.WriteFile(wrong, []byte("salah"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, messages := prepared(t, behind, "--password-file", wrong); code != exitUsage || !strings.Contains(messages, "users file") || strings.Contains(messages, "--reset-password") {
		t.Errorf("with a wrong password: exit code %d: %s", code, messages)
	}
}
