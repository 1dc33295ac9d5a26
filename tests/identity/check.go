package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"check/visitor"
)

const secret = "FLUENTBOT_IDENTITY_SECRET"

type vector struct {
	Secret, Name, Email string
	Data                json.RawMessage
}

type answer struct {
	Text      string `json:"text"`
	Signature string `json:"signature"`
}

func main() {
	file, err := os.ReadFile("vectors.json")
	must(err)
	var vectors struct{ Vectors []vector }
	must(json.Unmarshal(file, &vectors))

	var answers []answer
	for _, v := range vectors.Vectors {
		must(os.Setenv(secret, v.Secret))
		decoder := json.NewDecoder(strings.NewReader(string(v.Data)))
		decoder.UseNumber()
		data := ordered(decoder)
		text, err := visitor.Text(v.Name, v.Email, data)
		must(err)
		signature, err := visitor.Sign(v.Name, v.Email, data)
		must(err)
		answers = append(answers, answer{text, signature})
	}

	must(os.Unsetenv(secret))
	_, err = visitor.Sign("", "", nil)
	must(json.NewEncoder(os.Stdout).Encode(map[string]any{"answers": answers, "signs_without_secret": err == nil}))
}

// ordered reads the next JSON value; an object becomes a struct, which keeps the order of its keys.
func ordered(decoder *json.Decoder) any {
	token, err := decoder.Token()
	must(err)
	switch token {
	case json.Delim('{'):
		var fields []reflect.StructField
		var values []any
		for decoder.More() {
			key, err := decoder.Token()
			must(err)
			fields = append(fields, reflect.StructField{
				Name: fmt.Sprintf("Field%d", len(fields)),
				Type: reflect.TypeOf((*any)(nil)).Elem(),
				Tag:  reflect.StructTag(fmt.Sprintf("json:%q", key)),
			})
			values = append(values, ordered(decoder))
		}
		_, err := decoder.Token()
		must(err)
		object := reflect.New(reflect.StructOf(fields)).Elem()
		for i, value := range values {
			if value != nil {
				object.Field(i).Set(reflect.ValueOf(value))
			}
		}
		return object.Interface()
	case json.Delim('['):
		list := []any{}
		for decoder.More() {
			list = append(list, ordered(decoder))
		}
		_, err := decoder.Token()
		must(err)
		return list
	}
	return token
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
