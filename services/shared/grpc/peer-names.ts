// The names in a certificate: what it says whose it is. Subject alternative names alone; the common name has not counted for long.
import type { PeerCertificate } from 'node:tls';

export function namesOf(certificate: Pick<PeerCertificate, 'subjectaltname'> | undefined): string[] {
  // Quoted where a name holds a comma: such a name is nobody's.
  if (!certificate?.subjectaltname || certificate.subjectaltname.includes('"')) return [];
  return certificate.subjectaltname
    .split(', ')
    .filter((name) => name.startsWith('DNS:') || name.startsWith('URI:'))
    .map((name) => name.slice(4));
}
