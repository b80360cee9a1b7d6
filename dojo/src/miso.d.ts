declare module '@miso.ai/client-sdk' {
  const MisoClient: unknown
  export default MisoClient
}
