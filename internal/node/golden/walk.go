package golden

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// left, as the value of a field, leaves the field out.
var left any = new(int)

// leafFunc rewrites one value of a message in JSON form. done stops the walk there.
type leafFunc func(parent protoreflect.MessageDescriptor, field protoreflect.FieldDescriptor, v any) (changed any, done bool, err error)

// walk rewrites a message in JSON form, value by value.
func walk(v any, d protoreflect.MessageDescriptor, leaf leafFunc) (any, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return v, nil // a well-known type, such as a duration
	}
	if name, ok := object["@type"].(string); ok {
		packed, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(name[strings.LastIndex(name, "/")+1:]))
		if err != nil {
			return nil, err
		}
		d = packed.(protoreflect.MessageDescriptor)
	}
	out := make(map[string]any, len(object))
	for key, value := range object {
		if key == "@type" {
			out[key] = value
			continue
		}
		field := d.Fields().ByName(protoreflect.Name(key))
		if field == nil {
			return nil, fmt.Errorf("%s has no field %q", d.FullName(), key)
		}
		changed, err := walkField(value, d, field, leaf)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		if changed == left {
			continue
		}
		out[key] = changed
	}
	return out, nil
}

func walkField(v any, d protoreflect.MessageDescriptor, field protoreflect.FieldDescriptor, leaf leafFunc) (any, error) {
	changed, done, err := leaf(d, field, v)
	if err != nil || done {
		return changed, err
	}
	v = changed
	switch {
	case field.IsMap():
		entries, _ := v.(map[string]any)
		out := make(map[string]any, len(entries))
		for key, value := range entries {
			if out[key], _, err = leaf(field.Message(), field.MapValue(), value); err != nil {
				return nil, err
			}
		}
		return out, nil
	case field.IsList():
		list, ok := v.([]any)
		if !ok {
			return v, nil
		}
		out := make([]any, len(list))
		for i, value := range list {
			if field.Message() != nil {
				out[i], err = walk(value, field.Message(), leaf)
			} else {
				out[i], _, err = leaf(d, field, value)
			}
			if err != nil {
				return nil, err
			}
		}
		return out, nil
	case field.Message() != nil:
		return walk(v, field.Message(), leaf)
	}
	return v, nil
}
