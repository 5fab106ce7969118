// Verifies the access token of a request; nginx.conf says when.
const ISSUER = 'https://auth.example.com', AUDIENCE = 'orders', LEEWAY = 5;
const P256 = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const ES256 = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'};

const decoded = part => JSON.parse(Buffer.from(part, 'base64url').toString());

function isExpected(head, claims) {
    return head.alg === 'ES256' && head.typ === 'at+jwt' && claims.iss === ISSUER
        && claims.aud === AUDIENCE && claims.exp > Date.now() / 1000 - LEEWAY;
}

async function verify(r) {
    try {
        const token = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(r.headersIn.Authorization);
        const head = decoded(token[1]), claims = decoded(token[2]);
        const response = await ngx.fetch('http://127.0.0.1:8001/');
        if (!response.ok) return r.return(503);
        const list = await response.json();
        const jwk = list.keys.find(each => each.kid === head.kid && each.alg === 'ES256');
        const point = [P256, Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url')];
        const spki = Buffer.concat(point); // njs reads no JWK (RFC 5480: what x and y follow)
        const key = await crypto.subtle.importKey('spki', spki, ES256, false, ['verify']);
        const signature = Buffer.from(token[3], 'base64url');
        const input = Buffer.from(`${token[1]}.${token[2]}`);
        const isSigned = await crypto.subtle.verify(ES256, key, signature, input);
        r.headersOut['X-User'] = claims.sub;
        r.return(isSigned && isExpected(head, claims) ? 204 : 401);
    } catch (error) {
        r.return(401);
    }
}

export default {verify};
