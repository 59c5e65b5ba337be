// Signing in again in another tab renews the token against forgery; a page that stayed open then
// sends the token of now, so that what was typed in it can still be saved.
document.addEventListener("htmx:configRequest", (event) => {
  const { formData, headers, verb } = event.detail;
  const token = document.cookie.match(/(?:^|; )tuneboard_csrf=([^;]+)/)?.[1];
  if (!token || verb === "get") return;
  headers["x-csrftoken"] = token;
  if (formData.has("csrfmiddlewaretoken")) formData.set("csrfmiddlewaretoken", token);
});
