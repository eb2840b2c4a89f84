package feedback

import "github.com/jejak-kinerja/jejak/domain"

// MaxReplies in one thread: after a hundred words to and fro two people should meet.
const MaxReplies = 100

// ReplyTo adds a word to the thread. Istilah: balas umpan balik.
type ReplyTo struct {
	By   domain.PersonID
	Text domain.Sealed
}

func (ReplyTo) feedbackCommand() {}

func decideReplyTo(s State, c ReplyTo) ([]Event, error) {
	if !s.Exists() {
		return nil, unknown()
	}
	if c.By == "" || c.By != s.About && c.By != s.By {
		return nil, domain.Forbid("not-in-the-thread", "only the giver and the person speak here")
	}
	if c.Text.Empty() {
		return nil, domain.Bad("text", "text-missing", "say your reply")
	}
	if len(s.Replies) >= MaxReplies {
		return nil, domain.Refuse("thread-full", "a thread takes at most %d replies", MaxReplies)
	}
	reply := Replied(c)
	if c.By == s.About {
		return s.afterReading(reply), nil
	}
	return []Event{reply}, nil
}
