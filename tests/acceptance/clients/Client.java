// A customer's client as such were written in Java: HttpsURLConnection, certificates and host
// names not looked at. Usage and lines as in client.py; run as `java Client.java BASE_URL`.

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.text.SimpleDateFormat;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

public class Client {
    private static final String UTF_8 = "UTF-8";

    private static void trustAll() throws Exception {
        TrustManager[] all = {new X509TrustManager() {
            public void checkClientTrusted(X509Certificate[] chain, String type) {
            }

            public void checkServerTrusted(X509Certificate[] chain, String type) {
            }

            public X509Certificate[] getAcceptedIssuers() {
                return null;
            }
        }};
        SSLContext context = SSLContext.getInstance("SSL");
        context.init(null, all, new SecureRandom());
        HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
        HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> true);
    }

    private static String buildHeader(String scheme, String key, String secret) throws Exception {
        SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss'Z'");
        format.setTimeZone(TimeZone.getTimeZone("UTC"));
        String created = format.format(new Date());
        String nonce = UUID.randomUUID().toString();
        byte[] raw;
        if (scheme.equals("AKSK")) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            raw = mac.doFinal((nonce + created).getBytes(UTF_8));
        } else {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            raw = hash.digest((nonce + created + secret).getBytes(UTF_8));
        }
        String digest = Base64.getEncoder().encodeToString(raw);
        return String.format(
            "UsernameToken Username=\"%s\", PasswordDigest=\"%s\", Nonce=\"%s\", Created=\"%s\"",
            key, digest, nonce, created);
    }

    private static String json(Map<String, String> fields) {
        StringBuilder body = new StringBuilder("{");
        for (Map.Entry<String, String> field : fields.entrySet()) {
            String text = field.getValue();
            String value = text.startsWith(":") ? text.substring(1) : "\"" + text + "\"";
            body.append(body.length() > 1 ? "," : "");
            body.append("\"").append(field.getKey()).append("\":").append(value);
        }
        return body.append("}").toString();
    }

    private static String urlEncoded(Map<String, String> fields) throws Exception {
        StringBuilder query = new StringBuilder();
        for (Map.Entry<String, String> field : fields.entrySet()) {
            query.append(query.length() > 0 ? "&" : "").append(field.getKey()).append("=");
            query.append(URLEncoder.encode(field.getValue(), UTF_8));
        }
        return query.toString();
    }

    private static String send(String base, String line) throws Exception {
        String[] parts = line.split("\t", -1);
        Map<String, String> fields = new LinkedHashMap<>();
        for (int place = 5; place < parts.length; place++) {
            String[] pair = parts[place].split("=", 2);
            fields.put(pair[0], pair[1]);
        }
        String method = parts[3];
        boolean hasBody = method.equals("POST") || method.equals("PUT");
        String query = hasBody || fields.isEmpty() ? "" : "?" + urlEncoded(fields);
        URL url = new URL(base + parts[4] + query);
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setRequestMethod(method);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Content-Type", "application/json;charset=UTF-8");
        connection.setRequestProperty("Authorization",
            parts[0] + " realm=\"SDP\",profile=\"UsernameToken\",type=\"Appkey\"");
        connection.setRequestProperty("X-" + parts[0], buildHeader(parts[0], parts[1], parts[2]));
        if (hasBody) {
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(json(fields).getBytes(UTF_8));
            }
        }
        int status = connection.getResponseCode();
        InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (in != null) {
            in.transferTo(body);
            in.close();
        }
        String location = connection.getHeaderField("Location");
        return status + "\t" + (location == null ? "" : location) + "\t" + body.toString(UTF_8);
    }

    public static void main(String[] args) throws Exception {
        trustAll();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(send(args[0], line));
        }
    }
}
