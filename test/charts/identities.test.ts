// Who callers are, as the chart tells it to the services.
import { describe, expect, it } from 'vitest';
import { readSignIn } from '../../services/label-tool/people/sign-in-config.ts';
import { readIdentity } from '../../services/shared/identity/identity-config.ts';
import { MATRIX, type Manifest, named, of, podsOf, REQUIRED_VALUES, render } from '../support/chart.ts';

const values = MATRIX['people and programs with identities']?.values ?? {};

describe('identities', () => {
  const manifests = render(values);
  type Env = { readonly name: string; readonly value?: string };
  const podOf = (name: string): Manifest['spec'] => {
    const found = podsOf(manifests).find(({ spec }) => spec.containers[0].name === name);
    if (!found) throw new Error(`no pod of ${name}`);
    return found.spec;
  };
  const envOf = (name: string): Record<string, string | undefined> =>
    Object.fromEntries(podOf(name).containers[0].env.map((each: Env) => [each.name, each.value]));
  /** What a pod finds in the folder with keys: the Secret and its key by the file's name. */
  const filesOf = (name: string) => {
    const { secretName, items } = podOf(name).volumes.find((volume: Env) => volume.name === 'access').secret;
    const { mountPath } = podOf(name).containers[0].volumeMounts.find((mount: Env) => mount.name === 'access');
    return Object.fromEntries(
      items.map((item: { key: string; path: string }) => [`${mountPath}/${item.path}`, [secretName, item.key]]),
    );
  };

  it('are asked for by the registry, by the provider and by the first key', () => {
    const env = envOf('pool-registry');
    expect(env).toMatchObject({
      CPRAL_OIDC_ISSUER: 'https://login.example',
      CPRAL_OIDC_AUDIENCE: 'programs,label-tool',
    });
    expect(filesOf('pool-registry')).toEqual({ [env.CPRAL_ADMIN_KEY_FILE ?? '']: ['first-key', 'key'] });
  });

  it('are those of certificates alone at the doors of workers', () => {
    for (const name of ['trainer', 'panoptic-scorer', 'region-selector', 'label-extender', 'oracle']) {
      expect(envOf(name)).toMatchObject({ CPRAL_ACCESS: 'closed', CPRAL_TLS_CERT_FILE: '/etc/cpral-tls/tls.crt' });
      expect(JSON.stringify(podOf(name))).not.toContain('first-key');
    }
  });

  it('let people sign in at the label tool, as the label tool reads it', () => {
    const env = envOf('label-tool');
    const files = filesOf('label-tool');
    expect(files[env.CPRAL_LABEL_TOOL_OIDC_SECRET_FILE ?? '']).toEqual(['label-tool', 'client-secret']);
    expect(files[env.CPRAL_LABEL_TOOL_SESSION_KEY_FILE ?? '']).toEqual(['label-tool', 'session-key']);
    const { CPRAL_LABEL_TOOL_OIDC_SECRET_FILE: _, CPRAL_LABEL_TOOL_SESSION_KEY_FILE: __, ...rest } = env;
    expect(readSignIn(rest, readIdentity(rest)?.oidc, { onLoopback: false })).toMatchObject({
      clientId: 'label-tool',
      publicUrl: 'https://label.example',
    });
  });

  it('let helm test run its campaign by the first key, and leave it out where there is none', () => {
    const test = of(manifests, 'Pod').find(({ metadata }) => metadata.name.endsWith('campaign'));
    expect(JSON.stringify(test?.spec)).toContain('/etc/cpral-access/admin-key');
    const { access, ...others } = values;
    const { oidc } = access as { oidc: object };
    const withoutKey = render({ ...others, access: { oidc } });
    expect(of(withoutKey, 'Pod').map(({ metadata }) => metadata.name)).toEqual(['cpral-test-health']);
  });

  it('open the way to the provider for those that ask it', () => {
    const ports = (name: string) => JSON.stringify(named(manifests, 'NetworkPolicy', `cpral-${name}`).spec.egress);
    expect(ports('pool-registry')).toContain('443');
    expect(ports('label-tool')).toContain('443');
    expect(named(manifests, 'NetworkPolicy', 'cpral-trainer').spec).not.toHaveProperty('egress');
  });

  it.each([
    ['no certificates', { access: { adminKey: { existingSecret: 'key' } } }, 'access: expected tls.existingSecret'],
    [
      'a label tool that nobody can sign in at',
      { tls: { existingSecret: 'tls' }, access: { adminKey: { existingSecret: 'key' } } },
      'access.oidc.issuer: expected the provider',
    ],
    [
      'no client of the label tool',
      { tls: { existingSecret: 'tls' }, access: { oidc: { issuer: 'https://login.example', audiences: ['a'] } } },
      'labelTool.signIn.clientId: expected the client',
    ],
    [
      'nobody whom tokens are for',
      { tls: { existingSecret: 'tls' }, access: { oidc: { issuer: 'https://login.example' } } },
      'access.oidc.audiences: expected whom',
    ],
    ['a provider without encryption', { access: { oidc: { issuer: 'http://login.example' } } }, 'issuer'],
  ])('are refused with %s', (_, wrong, message) => {
    expect(() => render({ ...REQUIRED_VALUES, ...wrong })).toThrow(message);
  });
});
