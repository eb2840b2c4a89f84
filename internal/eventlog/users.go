package eventlog

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/emptypb"
)

// usersService is the protocol's service of users. The library has no stubs of it,
// so its few fields are written and read by number.
const usersService = "/event_store.client.users.Users/"

// Numbers of the fields: options within a request, then what they hold.
const (
	fieldOptions  = 1
	fieldLogin    = 1
	fieldPassword = 2
	fieldFullName = 3
	fieldGroups   = 3 // of an answer
	fieldDisabled = 5 // of an answer
)

// User is an account of the event store.
type User struct {
	Groups   []string
	Disabled bool
}

// User asks for an account; not ok when there is none. A server without accounts
// answers ErrNoUsers.
func (a *Admin) User(ctx context.Context, name string) (u User, ok bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, DefaultCallTimeout)
	defer cancel()
	call, err := a.conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, usersService+"Details")
	if err == nil {
		err = call.SendMsg(userOptions(field{fieldLogin, name}))
	}
	if err == nil {
		err = call.CloseSend()
	}
	answer := &emptypb.Empty{}
	if err == nil {
		err = call.RecvMsg(answer)
	}
	switch status.Code(err) {
	case codes.OK:
		u, err = readUser(answer.ProtoReflect().GetUnknown())
		return u, err == nil, err
	case codes.NotFound:
		return User{}, false, nil
	case codes.DeadlineExceeded: // as EventStoreDB 24.2 does with --insecure
		err = fmt.Errorf("a server that asks for no passwords has no users: %w", err)
	}
	return User{}, false, a.refusal("look for the user "+name, err)
}

// CreateUser makes an account without groups.
func (a *Admin) CreateUser(ctx context.Context, name, password string) error {
	return a.users(ctx, "Create", "make the user "+name, field{fieldLogin, name}, field{fieldPassword, password}, field{fieldFullName, name})
}

// ResetPassword gives an account another password.
func (a *Admin) ResetPassword(ctx context.Context, name, password string) error {
	return a.users(ctx, "ResetPassword", "reset the password of the user "+name, field{fieldLogin, name}, field{fieldPassword, password})
}

func (a *Admin) users(ctx context.Context, method, what string, fields ...field) error {
	ctx, cancel := context.WithTimeout(ctx, DefaultCallTimeout)
	defer cancel()
	return a.refusal(what, a.conn.Invoke(ctx, usersService+method, userOptions(fields...), &emptypb.Empty{}))
}

// field is a text of a message.
type field struct {
	number protowire.Number
	text   string
}

// userOptions makes a request. A message without fields of its own carries them as
// unknown ones.
func userOptions(fields ...field) *emptypb.Empty {
	var options []byte
	for _, f := range fields {
		options = protowire.AppendString(protowire.AppendTag(options, f.number, protowire.BytesType), f.text)
	}
	request := &emptypb.Empty{}
	request.ProtoReflect().SetUnknown(protowire.AppendBytes(protowire.AppendTag(nil, fieldOptions, protowire.BytesType), options))
	return request
}

// readUser reads the account out of an answer.
func readUser(answer []byte) (u User, err error) {
	err = eachField(answer, func(n protowire.Number, account []byte, _ uint64) error {
		if n != fieldOptions {
			return nil
		}
		return eachField(account, func(n protowire.Number, text []byte, number uint64) error {
			switch n {
			case fieldGroups:
				u.Groups = append(u.Groups, string(text))
			case fieldDisabled:
				u.Disabled = number != 0
			}
			return nil
		})
	})
	return u, err
}

// eachField gives each field of a message: its bytes, or its number.
func eachField(message []byte, use func(n protowire.Number, bytes []byte, number uint64) error) error {
	for len(message) > 0 {
		n, kind, size := protowire.ConsumeTag(message)
		if size < 0 {
			return fmt.Errorf("read an answer about users: %w", protowire.ParseError(size))
		}
		message = message[size:]
		var bytes []byte
		var number uint64
		switch kind {
		case protowire.BytesType:
			bytes, size = protowire.ConsumeBytes(message)
		case protowire.VarintType:
			number, size = protowire.ConsumeVarint(message)
		default:
			size = protowire.ConsumeFieldValue(n, kind, message)
		}
		if size < 0 {
			return fmt.Errorf("read an answer about users: %w", protowire.ParseError(size))
		}
		message = message[size:]
		if err := use(n, bytes, number); err != nil {
			return err
		}
	}
	return nil
}
