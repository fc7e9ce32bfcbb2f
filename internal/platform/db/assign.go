package db

import (
	"database/sql"
	"fmt"
	"reflect"
)

// assign puts a value of a database into a variable.
func assign(into, value any) error {
	switch to := into.(type) {
	case sql.Scanner:
		return to.Scan(value)
	case *any:
		*to = value
		return nil
	case *string:
		if v, ok := value.(string); ok {
			*to = v
			return nil
		}
	case *int64:
		if v, ok := value.(int64); ok {
			*to = v
			return nil
		}
	}
	return assignByKind(reflect.ValueOf(into).Elem(), value)
}

// assignByKind is assign for named types and for those met less often. A
// pointer takes NULL as nil.
func assignByKind(to reflect.Value, value any) error {
	if to.Kind() == reflect.Pointer {
		if value == nil {
			to.SetZero()
			return nil
		}
		to.Set(reflect.New(to.Type().Elem()))
		return assign(to.Interface(), value)
	}
	v := reflect.ValueOf(value)
	switch {
	case value == nil:
	case to.Kind() == reflect.String && v.Kind() == reflect.String:
		to.SetString(v.String())
		return nil
	case to.CanInt() && v.CanInt() && !to.OverflowInt(v.Int()):
		to.SetInt(v.Int())
		return nil
	case to.CanUint() && v.CanInt() && v.Int() >= 0 && !to.OverflowUint(uint64(v.Int())):
		to.SetUint(uint64(v.Int()))
		return nil
	case to.Kind() == reflect.Bool && v.Kind() == reflect.Bool:
		to.SetBool(v.Bool())
		return nil
	case to.Kind() == reflect.Bool && v.CanInt() && uint64(v.Int()) <= 1: // SQLite has no other
		to.SetBool(v.Int() == 1)
		return nil
	case to.CanFloat() && v.CanFloat():
		to.SetFloat(v.Float())
		return nil
	case to.CanFloat() && v.CanInt():
		to.SetFloat(float64(v.Int()))
		return nil
	case to.Type() == reflect.TypeFor[[]byte]() && v.Kind() == reflect.String:
		to.SetBytes([]byte(v.String()))
		return nil
	case to.Type() == v.Type():
		to.Set(v)
		return nil
	}
	return fmt.Errorf("%T cannot be read into %s", value, to.Type())
}
