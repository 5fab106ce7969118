// A service in Go that verifies access tokens with go-oidc.
package main

import (
	"context"
	"net/http"
	"strings"

	"github.com/coreos/go-oidc" // version 3: github.com/coreos/go-oidc/v3/oidc
	"gopkg.in/square/go-jose.v2/jwt"
)

const issuer = "https://auth.example.com"

var keys = oidc.NewRemoteKeySet(context.Background(), issuer+"/.well-known/jwks.json")
var config = &oidc.Config{ClientID: "orders", SupportedSigningAlgs: []string{oidc.ES256}}
var verifier = oidc.NewVerifier(issuer, keys, config)

func orders(response http.ResponseWriter, request *http.Request) {
	raw := strings.TrimPrefix(request.Header.Get("Authorization"), "Bearer ")
	token, err := verifier.Verify(request.Context(), raw)
	parsed, _ := jwt.ParseSigned(raw)
	if err != nil || parsed.Headers[0].ExtraHeaders["typ"] != "at+jwt" {
		response.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		response.WriteHeader(http.StatusUnauthorized)
		return
	}
	response.Write([]byte(token.Subject))
}

func main() {
	http.HandleFunc("/orders", orders)
	http.ListenAndServe("127.0.0.1:3000", nil)
}
