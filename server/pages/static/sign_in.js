// Takes the one-time code out of the address's fragment, which no server sees, and sends the form.
// @ts-check

const code = decodeURIComponent(location.hash.slice(1));
const field = document.querySelector("#code");
const form = document.querySelector("#sign-in");
if (code && field instanceof HTMLInputElement && form instanceof HTMLFormElement) {
  history.replaceState(null, "", location.pathname + location.search);
  field.value = code;
  form.submit();
}
