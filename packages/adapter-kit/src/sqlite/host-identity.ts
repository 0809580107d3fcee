import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A machine, or a container on one. */
export interface HostIdentity {
  /** 16 hexadecimal digits: a hash over the host's name and, where the system has one, the id of its installation. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
}

/** The host that this process runs on. It stays the same over a restart of the machine. */
export function hostIdentity(): HostIdentity {
  if (identity === undefined) {
    const name = hostname();
    identity = { id: hash('sha256', `${name}\0${machineId()}`, 'hex').slice(0, 16), name };
  }
  return identity;
}

let identity: HostIdentity | undefined;

/** https://www.freedesktop.org/software/systemd/man/machine-id.html. Hosts of one name are not rare: `localhost`. */
function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return '';
  }
}
