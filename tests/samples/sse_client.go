// Gin's reader of SSE against the mock: prints each event as JSON.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/gin-contrib/sse"
)

func main() {
	request, err := http.NewRequest("POST", os.Args[1], strings.NewReader(os.Args[2]))
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer any")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	events, err := sse.Decode(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	for _, event := range events {
		if err := json.NewEncoder(os.Stdout).Encode([]any{event.Event, event.Data}); err != nil {
			log.Fatal(err)
		}
	}
}
