"""An MCP server on the official Python SDK that verifies the gate's tokens and tells the SDK who the user is.

    pip install "mcp>=1.27.2" "pyjwt[crypto]"

From 1.27.2 on the SDK binds a session to client, issuer and subject by itself, if the verifier fills in `subject`.
"""

import os

import jwt
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.fastmcp import FastMCP

ISSUER = os.environ["OAUTH_ISSUER"]
AUDIENCE = os.environ["OAUTH_AUDIENCE"]
KEYS = jwt.PyJWKClient(os.environ["OAUTH_JWKS_URI"])


class Verifier:
    async def verify_token(self, token: str) -> AccessToken | None:
        try:
            key = KEYS.get_signing_key_from_jwt(token).key
            claims = jwt.decode(token, key, algorithms=["RS256"], issuer=ISSUER, audience=AUDIENCE)
        except (jwt.PyJWTError, jwt.PyJWKClientError):
            return None
        # A token that is bound to a key proves nothing without a proof of that key, which nobody checks here.
        if "cnf" in claims:
            return None
        known = {"token": token, "client_id": claims["client_id"], "scopes": claims.get("scope", "").split()}
        if "subject" in AccessToken.model_fields:
            known |= {"subject": claims["sub"], "claims": {"iss": claims["iss"]}}
        return AccessToken(**known, expires_at=claims["exp"], resource=AUDIENCE)


server = FastMCP(
    "rates",
    token_verifier=Verifier(),
    auth=AuthSettings(issuer_url=ISSUER, resource_server_url=AUDIENCE, required_scopes=["mcp:tools"]),
    port=int(os.environ["PORT"]),
)


@server.tool()
def exchange_rate(source: str, target: str) -> float:
    """Returns the rate between two currencies."""
    return 1.09


server.run(transport="streamable-http")
