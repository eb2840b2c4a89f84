package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
)

const runbookFile = "../../docs/runbook.md"

// parses tells whether the program's own parser takes a command line. Nothing is run.
func parses(args []string) error {
	var c cli
	parser, err := newParser(context.Background(), &c, terminal{&bytes.Buffer{}, &bytes.Buffer{}})
	if err != nil {
		return err
	}
	if _, err = parser.Parse(args); errors.Is(err, os.ErrNotExist) {
		return nil // a file of the reader's own
	}
	return err
}

func runbook(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(runbookFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var notOfAnchors = regexp.MustCompile(`[^a-z0-9 -]`)

// runbookHeadings gives the headings as links name them.
func runbookHeadings(t *testing.T) (anchors []string) {
	for line := range strings.Lines(runbook(t)) {
		if heading, ok := strings.CutPrefix(line, "## "); ok {
			plain := notOfAnchors.ReplaceAllString(strings.ToLower(strings.TrimSpace(heading)), "")
			anchors = append(anchors, strings.ReplaceAll(plain, " ", "-"))
		}
	}
	return anchors
}

// commandsIn gives every line of a code fence that starts the program, without
// what stands before it (sudo, environment) and behind it (a comment, a redirection).
func commandsIn(text string) (commands []string) {
	fenced := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
			continue
		}
		if !fenced {
			continue
		}
		line, _, _ = strings.Cut(line, " #")
		for part := range strings.SplitSeq(strings.ReplaceAll(line, "|", ";"), ";") {
			words := strings.Fields(part)
			for n, word := range words {
				if word == "jejak" || strings.HasSuffix(word, "/jejak") {
					commands = append(commands, strings.Join(words[n+1:], " "))
					break
				}
				if word != "sudo" && !strings.Contains(word, "=") && !strings.HasPrefix(word, "-") && n > 0 && words[0] != "sudo" {
					break
				}
			}
		}
	}
	return commands
}

func TestEveryCommandOfTheRunbookAndReadmeIsOneThatTheProgramTakes(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := commandsIn(runbook(t))
	if len(found) < 20 {
		t.Errorf("only %d commands were found in the runbook: %q", len(found), found)
	}
	for _, c := range append(found, commandsIn(string(readme))...) {
		c, _, _ = strings.Cut(c, " >")
		c = strings.ReplaceAll(c, `"`, "")
		if err := parses(strings.Fields(c)); err != nil {
			t.Errorf("jejak %s: %v", c, err)
		}
	}
}

func TestACommandThatThereIsNotWouldBeFound(t *testing.T) {
	if found := commandsIn("```sh\nsudo -u jejak jejak restore --nowhere x   # no\n```"); len(found) != 1 || parses(strings.Fields(found[0])) == nil {
		t.Errorf("found %q", found)
	}
}
