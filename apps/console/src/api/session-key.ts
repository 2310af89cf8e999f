/** The operator key, for as long as the tab is open: it never outlives the session and is never part of an address. */
const storageName = 'video-proxy.operator-key';
const nameStorageName = 'video-proxy.operator-name';

export function operatorKey(): string | null {
  return sessionStorage.getItem(storageName);
}

export function keepOperatorKey(key: string): void {
  sessionStorage.setItem(storageName, key);
}

export function forgetOperatorKey(): void {
  sessionStorage.removeItem(storageName);
}

/** What the audit log calls the person, in their own words. */
export function operatorName(): string {
  return localStorage.getItem(nameStorageName) ?? '';
}

export function keepOperatorName(name: string): void {
  localStorage.setItem(nameStorageName, name.trim());
}
