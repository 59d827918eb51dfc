// A customer's client as such were written for Node: the `https` module, chunked bodies,
// certificates not looked at. Usage and lines as in client.py.

const crypto = require('crypto');
const querystring = require('querystring');
const readline = require('readline');
const url = require('url');

function buildHeader(scheme, key, secret) {
  const created = new Date(Date.now()).toISOString().replace(/.[0-9]+\Z/, 'Z');
  const nonce = crypto.randomBytes(16).toString('hex').toUpperCase();
  const digest = scheme === 'AKSK'
    ? crypto.createHmac('sha256', secret).update(nonce + created).digest('base64')
    : crypto.createHash('sha256').update(nonce + created + secret).digest('base64');
  return `UsernameToken Username="${key}",PasswordDigest="${digest}",Nonce="${nonce}",Created="${created}"`;
}

function readValue(text) {
  return text.startsWith(':') ? JSON.parse(text.slice(1)) : text;
}

function send(base, line) {
  const [scheme, key, secret, method, path, ...pairs] = line.split('\t');
  const fields = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    fields[pair.slice(0, at)] = pair.slice(at + 1);
  }
  const target = url.parse(base);
  const hasBody = method === 'POST' || method === 'PUT';
  const query = querystring.stringify(fields);
  const options = {
    host: target.hostname,
    port: target.port,
    path: hasBody || !query ? path : path + '?' + query,
    method,
    headers: {
      'content-type': 'application/json;charset=UTF-8',
      'authorization': `${scheme} realm="SDP",profile="UsernameToken",type="Appkey"`,
      [`x-${scheme.toLowerCase()}`]: buildHeader(scheme, key, secret),
    },
    rejectUnauthorized: false,
  };
  return new Promise((resolve, reject) => {
    const module = require(target.protocol.replace(':', ''));
    const request = module.request(options, (response) => {
      response.setEncoding('utf8');
      let body = '';
      response.on('data', (chunk) => { body += chunk; });
      response.on('end', () => resolve([response.statusCode, response.headers.location || '', body]));
    });
    request.on('error', reject);
    if (hasBody) {
      const body = {};
      for (const [name, text] of Object.entries(fields)) body[name] = readValue(text);
      request.write(JSON.stringify(body));
    }
    request.end();
  });
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log((await send(process.argv[2], line)).join('\t'));
  }
})();
