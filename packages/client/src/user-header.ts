/** Names the end user as LibreChat does: what a header cannot hold goes as `b64:` and base64 of its UTF-8 (measured). */
export function userHeader(user: string): Readonly<Record<string, string>> {
  return { 'x-librechat-user-id': isPlain(user) ? user : `b64:${base64(user)}` };
}

function isPlain(user: string): boolean {
  return /^[\x21-\x7e]+$/.test(user) && !user.startsWith('b64:');
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
