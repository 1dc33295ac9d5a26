require "json"
require_relative "visitor"

SECRET = "FLUENTBOT_IDENTITY_SECRET"

vectors = JSON.parse(File.read("vectors.json", encoding: "UTF-8"))["vectors"]
answers = vectors.map do |vector|
  ENV[SECRET] = vector["secret"]
  visitor = vector.values_at("name", "email", "data")
  { text: visitor_text(*visitor), signature: sign_visitor(*visitor) }
end

ENV.delete(SECRET)
begin
  sign_visitor("", "")
  signs_without_secret = true
rescue StandardError
  signs_without_secret = false
end
puts JSON.generate({ answers: answers, signs_without_secret: signs_without_secret })
