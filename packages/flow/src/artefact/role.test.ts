import { describe, expect, test } from 'vitest';
import { ACME, acmeWith, loadAcme, saidAfter, sha256 } from './acme.test.ts';
import { loadSet } from './load-set.ts';
import { ROLES, rolesOf } from './role.ts';

const set = loadAcme();
const withGroups = (...groups: readonly string[]) => rolesOf(set, { groups });

describe('roles', () => {
  test('a person has the roles that one of their groups has', () => {
    expect(withGroups('group:platform-security')).toEqual(['operator', 'administrator']);
    expect(withGroups('group:platform-security', 'group:security-reviewers')).toContain('flow-reviewer');
  });

  test('F5 a group is that group, not one whose name begins so or differs in case', () => {
    expect(withGroups('group:platform', 'group:platform-security-2', 'group:Platform-Security')).toEqual([]);
    expect(withGroups()).toEqual([]);
  });

  test('law 1: where no file says who has a role, nobody has any', () => {
    const without = loadSet(
      ACME.filter(({ path }) => path !== 'roles.yaml'),
      sha256,
    );
    expect(without.problems).toEqual([]);
    expect(without.set?.roles.size).toBe(0);
    const everywhere = [...set.groups.keys()];
    expect(without.set && rolesOf(without.set, { groups: everywhere })).toEqual([]);
  });

  test('who has which role is part of what decisions are made by: another role, another set', () => {
    const other = loadSet(acmeWith('roles.yaml', 'role: auditor', 'role: responder'), sha256);
    expect(other.problems.map(({ message }) => message)).toEqual(['a second role `responder`']);
    const fewer = loadSet(
      acmeWith('roles.yaml', '[group:identity-governance]', '[group:device-trust]'),
      sha256,
    );
    expect(fewer.set?.hash).not.toBe(set.hash);
  });

  test.each([
    ['role: auditor', 'role: root', `expected one of ${ROLES.join(', ')}, found \`root\``],
    ['role: auditor', 'role: Auditor', `expected one of ${ROLES.join(', ')}, found \`Auditor\``],
    ['[group:identity-governance]', '[group:nobody]', 'role flow-author: no `group:nobody`'],
    ['[group:identity-governance]', '[user:ana]', 'expected `group:…`, found `user:ana`'],
    ['[group:identity-governance]', '[]', 'nobody has the role `flow-author`: name a group or leave it out'],
  ])('F5 the list is closed, and its groups are there: %s → %s', (from, to, message) =>
    expect(saidAfter('roles.yaml', from, to)).toContain(message),
  );
});
