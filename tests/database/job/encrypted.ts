import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Postgres } from "../../servers/postgres";
import { must } from "../../servers/run";

/** Lets a server take encrypted connections, with a certificate for `localhost`. Gives the certificate, PEM. */
export async function encrypt(server: Postgres): Promise<string> {
  const [key, certificate] = [join(server.home, "tls.key"), join(server.home, "tls.crt")];
  const form = ["-x509", "-days", "2", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
  const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  await must([...server.owner, "openssl", "req", ...form, ...name, "-keyout", key, "-out", certificate], {
    env: { PATH: process.env.PATH },
    cwd: server.home,
  });
  await server.psql(`ALTER SYSTEM SET ssl_cert_file = '${certificate}';
    ALTER SYSTEM SET ssl_key_file = '${key}';
    ALTER SYSTEM SET ssl = on;
    SELECT pg_reload_conf();`);
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await server.psql("SHOW ssl")) === "on")
      return must([...server.owner, "cat", certificate], { env: { PATH: process.env.PATH } });
    await sleep(50);
  }
  throw new Error(`the server does not take encrypted connections: ${server.log()}`);
}
