/** Sent with every write, so that the server knows which payloads a phone can speak. */
export const APP_VERSION = '1.0.0'
