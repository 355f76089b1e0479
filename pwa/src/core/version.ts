/** Sent with every write, so that the server knows which payloads a phone can speak. */
export const APP_VERSION = '0.1.0'
