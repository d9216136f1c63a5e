/* The HTTP half of the Messaging API: access token, session, and our own cancel and report. */

export class ApiError extends Error {
  /** status: HTTP; retryAfter: seconds the server asked for, or 0. */
  constructor(status, text, retryAfter) {
    super(text);
    Object.assign(this, { status, retryAfter });
  }
}

export const createApi = ({ baseUrl, token, host, handoff }) => {
  const root = baseUrl.replace(/\/$/, "");

  const post = async (path, headers, body) => {
    const response = await fetch(root + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "strict-origin-when-cross-origin",
    });
    if (!response.ok) throw await refusal(response);
    return response.json();
  };
  const bearer = (accessToken) => ({ Authorization: `Bearer ${accessToken}` });

  return {
    fetchToken: () => post("/api/v1/access-token", { "X-Token": token, "X-Host": host }, {}),
    startSession: (accessToken) =>
      post("/api/v1/sessions", bearer(accessToken), {
        streaming_enabled: true,
        platform: "web",
        // We show what follows a return to the assistant; clients that do not say so are told less.
        metadata: { custom: { accepts_return: "true", ...(handoff === "client" && { handoff }) } },
      }),
    cancelHandoff: (accessToken, sessionId) =>
      post(`/api/v1/sessions/${sessionId}/handoff/cancel`, bearer(accessToken), {}),
    reportHandoff: (accessToken, sessionId, report) =>
      post(`/api/v1/sessions/${sessionId}/handoff/client-result`, bearer(accessToken), report),
    socketUrl: (accessToken, sessionId, cursor) => {
      const query = new URLSearchParams({ session_id: sessionId, access_token: accessToken, cursor });
      return `${root.replace(/^http/, "ws")}/ws?${query}`;
    },
  };
};

const refusal = async (response) =>
  new ApiError(response.status, await response.text(), Number(response.headers.get("Retry-After")) || 0);
