package lenientjson

import "encoding/json"

// Standard makes a value of Read one that encoding/json can write. It changes the
// value; a number that standard JSON cannot hold (a hexadecimal one) fails there.
func Standard(v any) any {
	switch v := v.(type) {
	case Number:
		return json.Number(v)
	case []any:
		for i := range v {
			v[i] = Standard(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = Standard(v[name])
		}
	}
	return v
}
