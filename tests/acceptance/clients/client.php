<?php
// A customer's client as such were written in PHP: stream contexts that speak HTTP/1.0 or 1.1, or
// curl, certificates not looked at, `uniqid()` as nonce. Usage and lines as in client.py; a second
// argument `curl` or `1.0` chooses the way.

date_default_timezone_set('Asia/Shanghai');

function buildHeader($scheme, $key, $secret)
{
    $created = gmdate('Y-m-d\TH:i:s\Z');
    $nonce = uniqid();
    $digest = $scheme === 'AKSK'
        ? base64_encode(hash_hmac('sha256', $nonce . $created, $secret, true))
        : base64_encode(hash('sha256', $nonce . $created . $secret, true));
    $format = 'UsernameToken Username="%s",PasswordDigest="%s",Nonce="%s",Created="%s"';
    return sprintf($format, $key, $digest, $nonce, $created);
}

function readValue($text)
{
    return $text !== '' && $text[0] === ':' ? json_decode(substr($text, 1), true) : $text;
}

function sendByStream($url, $method, $headers, $body, $version)
{
    $options = [
        'http' => [
            'method' => $method,
            'header' => $headers,
            'content' => $body,
            'protocol_version' => $version,
            'follow_location' => 0,
            'ignore_errors' => true,
        ],
        'ssl' => ['verify_peer' => false, 'verify_peer_name' => false, 'SNI_enabled' => false],
    ];
    $answer = file_get_contents($url, false, stream_context_create($options));
    preg_match('/^HTTP\/\S+ (\d+)/', $http_response_header[0], $found);
    $location = preg_grep('/^location:/i', $http_response_header);
    return [$found[1], $location ? trim(substr(reset($location), 9)) : '', $answer];
}

function sendByCurl($url, $method, $headers, $body)
{
    $curl = curl_init($url);
    curl_setopt($curl, CURLOPT_CUSTOMREQUEST, $method);
    curl_setopt($curl, CURLOPT_HTTPHEADER, $headers);
    curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
    curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
    curl_setopt($curl, CURLOPT_SSL_VERIFYPEER, false);
    curl_setopt($curl, CURLOPT_SSL_VERIFYHOST, 0);
    $answer = curl_exec($curl);
    $status = curl_getinfo($curl, CURLINFO_HTTP_CODE);
    return [$status, (string) curl_getinfo($curl, CURLINFO_REDIRECT_URL), $answer];
}

function send($base, $line, $way)
{
    $pairs = explode("\t", $line);
    list($scheme, $key, $secret, $method, $path) = array_splice($pairs, 0, 5);
    $fields = [];
    foreach ($pairs as $pair) {
        list($name, $text) = explode('=', $pair, 2);
        $fields[$name] = $text;
    }
    $url = $base . $path;
    $body = '';
    if ($method === 'POST' || $method === 'PUT') {
        $body = json_encode(array_map('readValue', $fields));
    } elseif ($fields) {
        $url .= '?' . http_build_query($fields);
    }
    $headers = [
        'Accept: application/json',
        'Content-Type: application/json;charset=UTF-8',
        'Authorization: ' . $scheme . ' realm="SDP",profile="UsernameToken",type="Appkey"',
        'X-' . $scheme . ': ' . buildHeader($scheme, $key, $secret),
    ];
    return $way === 'curl'
        ? sendByCurl($url, $method, $headers, $body)
        : sendByStream($url, $method, $headers, $body, (float) $way);
}

$way = isset($argv[2]) ? $argv[2] : '1.1';
while (($line = fgets(STDIN)) !== false) {
    echo implode("\t", send($argv[1], rtrim($line, "\n"), $way)), "\n";
}
